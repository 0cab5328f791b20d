using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

public class DerivativeTests
{
    /// <summary>A formula of x, its derivative in closed form, and an interval where both are smooth.</summary>
    public static TheoryData<string, string, double, double> ClosedForms => new()
    {
        { "7", "0", -2, 2 },
        { "x", "1", -2, 2 },
        { "5x", "5", -2, 2 },
        { "x^7", "7x^6", -2, 2 },
        { "x^-3", "-3/x^4", 0.5, 2 },
        { "x^(2/3)", "2/(3*x^(1/3))", 0.5, 2 },
        { "2^x", "2^x*ln(2)", -2, 2 },
        { "x^x", "x^x*(ln(x) + 1)", 0.5, 2 },
        { "exp(x)", "exp(x)", -2, 2 },
        { "ln(x)", "1/x", 0.5, 2 },
        { "log2(x)", "1/(x*ln(2))", 0.5, 2 },
        { "log10(x)", "1/(x*ln(10))", 0.5, 2 },
        { "log1p(x)", "1/(1 + x)", -0.5, 2 },
        { "expm1(x)", "exp(x)", -2, 2 },
        { "sqrt(x)", "1/(2*sqrt(x))", 0.5, 2 },
        { "sin(x)", "cos(x)", -3, 3 },
        { "cos(x)", "-sin(x)", -3, 3 },
        { "tan(x)", "1/cos(x)^2", -1, 1 },
        { "asin(x)", "1/sqrt(1 - x^2)", -0.9, 0.9 },
        { "acos(x)", "-1/sqrt(1 - x^2)", -0.9, 0.9 },
        { "atan(x)", "1/(1 + x^2)", -3, 3 },
        { "sinh(x)", "cosh(x)", -2, 2 },
        { "cosh(x)", "sinh(x)", -2, 2 },
        { "tanh(x)", "1/cosh(x)^2", -2, 2 },
        { "asinh(x)", "1/sqrt(x^2 + 1)", -2, 2 },
        { "acosh(x)", "1/sqrt(x^2 - 1)", 1.2, 3 },
        { "atanh(x)", "1/(1 - x^2)", -0.9, 0.9 },
        { "erf(x)", "2/sqrt(pi)*exp(-x^2)", -2, 2 },
        { "sigmoid(x)", "exp(-x)/(1 + exp(-x))^2", -3, 3 },
        { "abs(x)", "x/abs(x)", 0.5, 2 },
        { "sin(cos(x^2))", "-cos(cos(x^2))*sin(x^2)*2x", -2, 2 },
        { "x*exp(x)*sin(x)", "exp(x)*(sin(x) + x*sin(x) + x*cos(x))", -2, 2 },
        { "(x^2 + 1)/(x - 3)", "(x^2 - 6x - 1)/(x - 3)^2", -2, 2 },
        { "ln(x + sqrt(x^2 + 1))", "1/sqrt(x^2 + 1)", -1, 2 },
        { "if(x < 1, x^2, 2x - 1)", "if(x < 1, 2x, 2)", -1, 3 },
        { "max(x, 1)", "if(x < 1, 0, 1)", 1.1, 3 },
        { "atan2(x, 2)", "2/(x^2 + 4)", -2, 2 },
        { "hypot(x, 2)", "x/sqrt(x^2 + 4)", -2, 2 },
    };

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Agrees_with_the_closed_form(string formula, string derivative, double low, double high)
    {
        var f = Expr.Parse(formula);
        var raw = f.Differentiate("x").ToFunc("x");
        var simple = f.Differentiate("x").Simplify().ToFunc("x");
        var expected = Expr.Parse(derivative).ToFunc("x");
        for (double x = low; x <= high; x += (high - low) / 13)
        {
            raw(x).ShouldBe(expected(x), 1e-12 * (1 + Math.Abs(expected(x))), $"{formula} at {x}");
            simple(x).ShouldBe(expected(x), 1e-12 * (1 + Math.Abs(expected(x))), $"{formula} simplified at {x}");
        }
    }

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Agrees_with_central_differences_to_second_order(string formula, string _, double low, double high)
    {
        var f = Expr.Parse(formula);
        var first = f.Differentiate("x").ToFunc("x");
        var second = f.Differentiate("x", 2).ToFunc("x");
        var value = f.ToFunc("x");
        double x = low + 0.37 * (high - low), h = 1e-5;
        first(x).ShouldBe((value(x + h) - value(x - h)) / (2 * h), 1e-6 * (1 + Math.Abs(first(x))));
        second(x).ShouldBe((first(x + h) - first(x - h)) / (2 * h), 1e-6 * (1 + Math.Abs(second(x))));
    }

    [Theory]
    [InlineData("log10(x)", "1/(x·ln(10))")]
    [InlineData("log2(x)^2", "2·log2(x)/(x·ln(2))")]
    [InlineData("erf(x)", "2e^(−x²)/sqrt(π)")]
    [InlineData("asin(2x)", "2/sqrt(1 − 4x²)")]
    [InlineData("x*asin(x) + sqrt(1 - x^2)", "asin(x)")]
    [InlineData("1/sqrt(x)", "−1/(2·x^(3/2))")]
    [InlineData("x/sqrt(x^2 + 1)", "1/(x² + 1)^(3/2)")]
    [InlineData("sqrt(1 - x^2)/x", "−1/(x²·sqrt(1 − x²))")]
    [InlineData("ln(x + sqrt(x^2 + 1))", "1/sqrt(x² + 1)")]
    [InlineData("atan(y/x)", "−y/(y² + x²)")]
    [InlineData("1/sqrt(x^2 + y^2)", "−x/(x² + y²)^(3/2)")]
    [InlineData("e^(2x) + pi", "2e^(2x)")]
    [InlineData("deg2rad(x)^2", "π²·x/16200")]
    [InlineData("gelu(x)", "(erf(x/sqrt(2)) + 1)/2 + x·e^(−x²/2)/(sqrt(π)·sqrt(2))")]
    [InlineData("0.044715x^3", "0.134145x²")]
    [InlineData("x^3.5678", "3.5678x^2.5678")]
    public void Is_written_as_in_a_textbook(string formula, string derivative) =>
        Expr.Parse(formula).Differentiate("x").Simplify().ToText().ShouldBe(derivative);

    [Theory]
    [InlineData("sin(x)", 4, "sin(x)")]
    [InlineData("x^5", 5, "120")]
    [InlineData("x^5", 6, "0")]
    [InlineData("exp(2x)", 3, "8*exp(2*x)")]
    [InlineData("ln(x)", 2, "-1/x^2")]
    public void Higher_orders(string formula, int order, string expected) =>
        Expr.Parse(formula).Differentiate("x", order).Simplify().ToString().ShouldBe(expected);

    [Fact]
    public void Gradient_of_the_lecture()
    {
        var f = Expr.Parse("ln(x1) + x1*x2 - sin(x2)");
        f.Gradient().Select(g => g.Simplify().ToString()).ShouldBe(["1/x1 + x2", "x1 - cos(x2)"]);
        f.Gradient().Select(g => g.Evaluate(("x1", 2), ("x2", 5))).ToArray().ShouldBe([5.5, 2 - Math.Cos(5)]);
    }

    [Fact]
    public void Jacobian_and_Hessian()
    {
        var polar = Expr.Jacobian([Expr.Parse("r*cos(t)"), Expr.Parse("r*sin(t)")], "r", "t");
        polar.GetLength(0).ShouldBe(2);
        polar[0, 1].Simplify().ToString().ShouldBe("-r*sin(t)");
        (polar[0, 0] * polar[1, 1] - polar[0, 1] * polar[1, 0]).Simplify().ToString().ShouldBe("r");

        var hessian = Expr.Parse("x^2*y + sin(x*y)").Hessian();
        hessian[0, 1].Simplify().ShouldBe(hessian[1, 0].Simplify());
        hessian[1, 1].Evaluate(("x", 2), ("y", 3)).ShouldBe(-4 * Math.Sin(6), 1e-14);
    }

    [Fact]
    public void The_derivation_names_its_rules()
    {
        var steps = Expr.Parse("ln(x)*x^2").Derivation("x");
        steps.Select(s => s.Rule).ShouldBe(["chain, (ln(u))′ = 1/u", "power", "product"]);
        steps[^1].Derivative.Evaluate(("x", 3)).ShouldBe(3 + 6 * Math.Log(3), 1e-14);
    }

    [Theory]
    [InlineData("x^y", "y", 0, 2, 0)]
    [InlineData("x^2", "x", -3, 0, -6)]
    [InlineData("x^2", "x", 0, 0, 0)]
    [InlineData("x^3", "x", -2, 0, 12)]
    [InlineData("x^y", "x", 0, 2, 0)]
    [InlineData("abs(x)", "x", 0, 0, 0)]
    [InlineData("relu(x)", "x", 0, 0, 0)]
    [InlineData("max(x, y)", "x", 1, 1, 0.5)]
    public void Hard_points_follow_the_operations_own_slopes(string formula, string variable, double x, double y, double expected) =>
        Expr.Parse(formula).Differentiate(variable).Evaluate(("x", x), ("y", y)).ShouldBe(expected);

    [Fact]
    public void A_generic_function_a_lambda_and_a_text_give_one_formula()
    {
        static V F<V>(V x, V y) where V : IAlgebra<V> => x.Log() + x * y - y.Sin();
        var generic = Expr.Of(F, "x1", "x2");
        generic.ShouldBe(Expr.Parse("ln(x1) + x1*x2 - sin(x2)"));
        generic.ShouldBe(Expr.From((x1, x2) => Math.Log(x1) + x1 * x2 - Math.Sin(x2)));
        generic.ShouldBe(Expr.Of(new Lecture(), "x1", "x2"));
    }

    private readonly struct Lecture : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => x[0].Log() + x[0] * x[1] - x[1].Sin();
    }

    [Fact]
    public void Lambdas_may_capture_choose_and_call_Math()
    {
        double scale = 2.5;
        var f = Expr.From((x, y) => x >= y ? scale * Math.Pow(x, 3) : Math.Atan2(y, x) + Math.PI);
        f.Evaluate(("x", 2), ("y", 1)).ShouldBe(20);
        f.Evaluate(("x", 1), ("y", 1)).ShouldBe(2.5);
        f.Evaluate(("x", 1), ("y", 2)).ShouldBe(Math.Atan2(2, 1) + Math.PI);
        Should.Throw<NotSupportedException>(() => Expr.From(x => Math.IEEERemainder(x, 2))).Message.ShouldContain("IEEERemainder");
    }

    public static TheoryData<string> ElementWise => [.. OpTable.All.Where(op => op is UnaryRow or BinaryRow).Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(ElementWise))]
    public void Every_element_wise_operation_has_the_slopes_of_its_row(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        Expr u = new Variable("u"), v = new Variable("v");
        double[] x = op.Inputs[0].Sample(1).ToArray<double>(), y = op.Inputs[^1].Sample(2).ToArray<double>();
        Expr f = op is UnaryRow one ? one.Value(u) : ((BinaryRow)op).Value(u, v);
        var raw = f.Differentiate("u").Compile("u", "v");
        var simple = f.Differentiate("u").Simplify().Compile("u", "v");
        var second = f.Differentiate("v").Compile("u", "v");
        for (int i = 0; i < x.Length; i++)
        {
            Real<double> a = new(x[i]), b = new(y[i]);
            double slope = op is UnaryRow unary
                ? unary.Slope(a, unary.Value(a)).Value : ((BinaryRow)op).SlopeX(a, b, ((BinaryRow)op).Value(a, b)).Value;
            double other = op is BinaryRow binary ? binary.SlopeY(a, b, binary.Value(a, b)).Value : 0;
            raw.Invoke(x[i], y[i]).ShouldBe(slope, 1e-11 * (1 + Math.Abs(slope)), $"{name} at {x[i]}, {y[i]}");
            simple.Invoke(x[i], y[i]).ShouldBe(slope, 1e-11 * (1 + Math.Abs(slope)), $"{name} simplified at {x[i]}, {y[i]}");
            second.Invoke(x[i], y[i]).ShouldBe(other, 1e-11 * (1 + Math.Abs(other)), $"{name} at {x[i]}, {y[i]}");
        }
    }
}
