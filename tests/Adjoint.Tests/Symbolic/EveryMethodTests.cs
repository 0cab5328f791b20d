using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

public class EveryMethodTests
{
    [Theory]
    [InlineData("ln(x1) + x1*x2 - sin(x2)", 1)]
    [InlineData("exp(x1*x2/10) + x1^3*x2^2", 2)]
    [InlineData("tanh(x1)*sqrt(x2)", 3)]
    [InlineData("(x1 - x2)^5/sigmoid(x1)", 4)]
    public void All_methods_agree(string formula, int order)
    {
        var results = EveryMethod.Derivatives(Expr.Parse(formula), [("x1", 2), ("x2", 5)], ["x1", "x2"], order);
        results.Select(r => r.Method).ShouldBe(Enum.GetValues<Method>());
        foreach (var r in results)
            r.Digits.ShouldBeGreaterThan(r.Method == Method.Numeric ? (order > 3 ? 2 : 5) : 11, $"{r.Method}: {string.Join(", ", r.Values)}");
    }

    [Theory]
    [InlineData("x^3", -2, 12)]
    [InlineData("x^2", 0, 0)]
    [InlineData("x^-2", -1, 2)]
    [InlineData("abs(x)", 0, 0)]
    [InlineData("relu(x)", 0, 0)]
    [InlineData("x*abs(x)", 0, 0)]
    public void At_hard_points_automatic_and_symbolic_give_one_answer(string formula, double x, double expected)
    {
        foreach (var r in EveryMethod.Derivatives(Expr.Parse(formula), [("x", x)], ["x"], 1, Method.Symbolic, Method.Forward, Method.Reverse))
            r.Values[0].ShouldBe(expected, r.Method.ToString());
    }

    [Fact]
    public void A_parsed_formula_is_a_function_for_every_transform()
    {
        var code = Expr.Compile([Expr.Parse("x*y"), Expr.Parse("sin(x)")], "x", "y");
        Scalar.Forward.Jacobian(code, [2, 5]).Matrix.ShouldBe(new double[,] { { 5, 2 }, { Math.Cos(2), 0 } });
        Scalar.Reverse.Jacobian(code, [2, 5]).Matrix.ShouldBe(new double[,] { { 5, 2 }, { Math.Cos(2), 0 } });
        Scalar.Hessian(Expr.Parse("x^2*y").Compile("x", "y"), [2, 5]).ShouldBe(new double[,] { { 10, 4 }, { 4, 0 } });
    }

    [Fact]
    public void The_formula_swells_and_automatic_differentiation_does_not()
    {
        var swell = Swell.OfLogisticMap(8).ToList();
        swell[7].SimplifiedTerms.ShouldBe(128);
        swell[7].DerivativeNodes.ShouldBeGreaterThan(2 * swell[6].DerivativeNodes);
        foreach (var s in swell.Skip(1))
        {
            s.Operations.ShouldBe(3 * (s.N - 1));
            s.ForwardOperations.ShouldBeLessThan(4 * s.Operations);
            s.ReverseOperations.ShouldBeLessThan(8 * s.Operations);
        }
    }

    [Fact]
    public void Orders_out_of_range_are_refused() => Should.Throw<ArgumentOutOfRangeException>(
        () => EveryMethod.Derivatives(Expr.Parse("x"), [("x", 1)], ["x"], 7));
}
