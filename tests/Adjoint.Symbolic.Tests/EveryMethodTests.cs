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
            r.Digits.ShouldBeGreaterThan(
                r.Method == Method.Numeric ? (order > 3 ? 2 : 5) : 11, $"{r.Method}: {string.Join(", ", r.Values)}");
    }

    [Theory]
    [InlineData("exp(x1*x2/10) + x1^3*x2^2", "x1,x2")]
    [InlineData("ln(x1) + x1*x2 - sin(x2)", "x2,x1")]
    [InlineData("tanh(x1)*sqrt(x2)", "x1,x1,x2")]
    [InlineData("sin(x1*x2)/x3", "x1,x2,x3")]
    [InlineData("(x1 - x2)^5/sigmoid(x1)", "x1,x2,x1,x2")]
    public void All_methods_agree_on_mixed_derivatives(string formula, string variables)
    {
        var f = Expr.Parse(formula);
        PartialDerivative d = new(variables.Split(','));
        double expected = d.Variables.Aggregate(f, (e, v) => e.Differentiate(v)).Evaluate(("x1", 2), ("x2", 5), ("x3", 0.7));
        foreach (var r in EveryMethod.Derivatives(f, [("x1", 2), ("x2", 5), ("x3", 0.7)], [d]))
        {
            r.Values.ShouldHaveSingleItem()
                .ShouldBe(expected, (r.Method == Method.Numeric ? 1e-7 : 1e-10) * (1 + Math.Abs(expected)), $"{r.Method}");
            r.Digits.ShouldBeGreaterThan(r.Method == Method.Numeric ? 7 : 11, $"{r.Method}");
        }
    }

    [Fact]
    public void One_reverse_pass_gives_a_row_of_the_Hessian()
    {
        var f = Expr.Parse("x^2*y^3 + sin(x*y)");
        PartialDerivative[] upper = [new("x", "x"), new("x", "y"), new("y", "y")];
        var reverse = EveryMethod.Derivatives(f, [("x", 2), ("y", 5)], upper, Method.Reverse)[0];
        reverse.Cost.ShouldBe("2 passes over dual numbers");
        var hessian = Scalar.Hessian(f.Compile("x", "y"), [2, 5]);
        reverse.Values.ShouldBe([hessian[0, 0], hessian[0, 1], hessian[1, 1]], 1e-9);
    }

    [Fact]
    public void A_pure_derivative_is_the_mixed_one_of_the_same_name_repeated()
    {
        var f = Expr.Parse("exp(x*y)*x^4");
        (string, double)[] point = [("x", 0.4), ("y", 1.5)];
        var pure = EveryMethod.Derivatives(f, point, ["x"], 3);
        var repeated = EveryMethod.Derivatives(f, point, [new PartialDerivative("x", "x", "x")]);
        foreach (var (p, r) in pure.Zip(repeated))
        {
            p.Values.ShouldBe(r.Values);
            p.Cost.ShouldBe(r.Cost);
        }
    }

    [Theory]
    [InlineData(3.0, 3.0, 16)]
    [InlineData(-0.0, 0.0, 16)]
    [InlineData(1.001, 1, 3)]
    [InlineData(-1e-15, 0, 15)]              // of the absolute error where the reference is 0
    [InlineData(1e-20, 0, 16)]
    [InlineData(5, 0, 0)]
    [InlineData(-4, 4, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 16)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, double.NaN)]
    [InlineData(1e300, double.PositiveInfinity, double.NaN)]
    [InlineData(double.PositiveInfinity, 1, double.NaN)]
    [InlineData(double.NaN, 1, double.NaN)]
    [InlineData(1, double.NaN, double.NaN)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    public void Agreement_is_counted_in_digits_where_it_can_be(double value, double reference, double digits)
    {
        double found = EveryMethod.Agreement(value, reference);
        if (double.IsNaN(digits)) found.ShouldBe(double.NaN);
        else found.ShouldBe(digits, 1e-9);
    }

    [Fact]
    public void The_digits_of_several_derivatives_are_those_of_the_worst_and_unknown_if_one_is()
    {
        var f = Expr.Parse("sqrt(x) + y^3");
        EveryMethod.Derivatives(f, [("x", 0), ("y", 2)], ["x", "y"])[0].Digits.ShouldBe(double.NaN);
        EveryMethod.Derivatives(f, [("x", 0), ("y", 2)], ["y"])[0].Digits.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("x", "∂f/∂x", @"\frac{\partial f}{\partial x}")]
    [InlineData("x,x", "∂²f/∂x²", @"\frac{\partial^{2} f}{\partial x^{2}}")]
    [InlineData("x,y", "∂²f/∂x∂y", @"\frac{\partial^{2} f}{\partial x \, \partial y}")]
    [InlineData("x,y,x", "∂³f/∂x²∂y", @"\frac{\partial^{3} f}{\partial x^{2} \, \partial y}")]
    [InlineData("x1,x2", "∂²f/∂x1∂x2", @"\frac{\partial^{2} f}{\partial x_{1} \, \partial x_{2}}")]
    public void Derivatives_have_the_names_of_books(string variables, string text, string latex)
    {
        PartialDerivative d = new(variables.Split(','));
        d.ToText().ShouldBe(text);
        d.ToLatex().ShouldBe(latex);
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
        foreach (
            var r in EveryMethod.Derivatives(Expr.Parse(formula), [("x", x)], ["x"], 1, Method.Symbolic, Method.Forward, Method.Reverse))
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

    [Fact]
    public void What_cannot_be_asked_for_is_named()
    {
        var f = Expr.Parse("x*y");
        Should.Throw<ArgumentOutOfRangeException>(
            () => EveryMethod.Derivatives(f, [("x", 1), ("y", 1)], [new PartialDerivative("x", "x", "x", "x", "y", "y", "y")]));
        Should.Throw<KeyNotFoundException>(() =>
            EveryMethod.Derivatives(f, [("x", 1), ("y", 1)], [new PartialDerivative("x", "z")])).Message.ShouldContain("no value for z");
        Should.Throw<ArgumentException>(() => new PartialDerivative());
        Should.Throw<ArgumentOutOfRangeException>(() => PartialDerivative.Pure("x", 0));
    }
}
