using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>The gamma family in formulas: typed, differentiated and printed; values and slopes are those of the tensors.</summary>
public class GammaFormulaTests
{
    /// <summary>A formula and the same of tensors.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["lgamma(x)"] = x => x.Lgamma(),
        ["digamma(x)"] = x => x.Digamma(),
        ["polygamma(0, x)"] = x => x.Polygamma(0),
        ["polygamma(1, x)"] = x => x.Polygamma(1),
        ["polygamma(4, x)"] = x => x.Polygamma(4),
        ["mvlgamma(x, 1)"] = x => x.Mvlgamma(1),
        ["mvlgamma(x, 4)"] = x => x.Mvlgamma(4),
        ["zeta(3.5, x)"] = x => Special.Zeta(3.5, x),
        ["igamma(1.7, x)"] = x => Tensor.Scalar(1.7, DType.Float64).Igamma(x),
        ["igammac(1.7, x)"] = x => Tensor.Scalar(1.7, DType.Float64).Igammac(x),
        ["lgamma(x^2 + 1)*digamma(2x)"] = x => (x * x + 1).Lgamma() * (2 * x).Digamma(),
        ["erfinv(x/9)"] = x => (x / 9).Erfinv(),
        ["ndtr(x)"] = x => Special.Ndtr(x),
        ["ndtri(x/9)"] = x => Special.Ndtri(x / 9),
        ["log_ndtr(x)"] = x => Special.LogNdtr(x),
        ["i0(x)"] = x => x.I0(),
        ["i0e(x)"] = x => Special.I0e(x),
        ["i1(x)"] = x => Special.I1(x),
        ["i1e(x)"] = x => Special.I1e(x),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void Values_and_the_first_three_derivatives_are_those_of_the_tensors(string text)
    {
        Expr f = Expr.Parse(text);
        foreach (double point in (double[])[1.75, 2.5, 4.25])
        {
            Tensor x = Tensor.Scalar(point, DType.Float64, requiresGrad: true), y = s_functions[text](x);
            Expr derivative = f;
            for (int order = 0; ; order++)
            {
                foreach (Expr e in (Expr[])[derivative, derivative.Simplify(), Expr.Parse(derivative.ToString())])
                    e.Evaluate(("x", point)).ShouldBe(y.Item(), 1e-11 * (1 + Math.Abs(y.Item())), $"order {order} at {point}: {e}");
                if (order == 3) break;
                derivative = derivative.Differentiate("x");
                y = Autograd.Grad([y], [x], createGraph: true)[0]!;
            }
        }
    }

    [Theory]
    [InlineData("lgamma(x)", "digamma(x)", @"\operatorname{lgamma}\left(x\right)")]
    [InlineData("digamma(x)", "zeta(2, x)", @"\psi\left(x\right)")]
    [InlineData("zeta(2, x)", "-2*zeta(3, x)", @"\zeta\left(2, x\right)")]
    [InlineData("igamma(2, x)", "exp(xlogy(1, x) - x - lgamma(2))", @"P\left(2, x\right)")]
    public void They_are_printed(string text, string derivative, string latex)
    {
        Expr f = Expr.Parse(text);
        f.ToString().ShouldBe(text);
        f.Differentiate("x").Simplify().ToString().ShouldBe(derivative);
        f.ToLatex().ShouldBe(latex);
    }

    [Theory]
    [InlineData("zeta(x, 2)", "zeta"), InlineData("igamma(x, y)", "igamma"), InlineData("igammac(2*x, 1)", "igammac")]
    public void Where_there_is_no_formula_that_is_said(string text, string name) =>
        Should.Throw<MissingRuleException>(() => Expr.Parse(text).Differentiate("x")).Message.ShouldStartWith(
            $"{name}: there is no formula of the derivative with respect to the first argument");

    [Theory]
    [InlineData("polygamma(x, 2)"), InlineData("polygamma(1.5, x)"), InlineData("polygamma(170, x)"), InlineData("mvlgamma(x, 0)")]
    [InlineData("mvlgamma(2, x)")]
    public void A_number_that_says_how_many_is_one(string text)
    {
        ParseException e = Should.Throw<ParseException>(() => Expr.Parse(text));
        e.Reason.ShouldContain("must be a whole number from");
        e.Position.ShouldBe(0);
    }

    [Fact]
    public void Who_types_another_name_is_told_the_one_here() =>
        Should.Throw<ParseException>(() => Expr.Parse("1 + gammaln(x)")).Reason.ShouldContain("did you mean lgamma?");
}
