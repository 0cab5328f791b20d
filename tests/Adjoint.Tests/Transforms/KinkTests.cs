using Adjoint.Symbolic;

namespace Adjoint.Tests.Functional;

public class KinkTests
{
    [Theory]
    [InlineData("abs(x)", 0, -1, 1)]
    [InlineData("abs(x - 3)", 3, -1, 1)]
    [InlineData("abs(x + 1e8) + 1e8", -1e8, -1, 1)]
    [InlineData("1e8*x + abs(x)", 0, 99999999, 100000001)]
    [InlineData("1e6*x^2 + abs(x - 1)", 1, 1999999, 2000001)]
    [InlineData("abs(x^2 - 1)", -1, -2, 2)]
    [InlineData("abs(x^3 - 2)", 1.2599210498948732, -4.762203155904598, 4.762203155904598)]
    [InlineData("abs(sin(x))", Math.PI, -1, 1)]
    [InlineData("abs(sin(x))", 0, -1, 1)]
    [InlineData("abs(exp(x) - 1)", 0, -1, 1)]
    [InlineData("abs(ln(x))", 1, -1, 1)]
    [InlineData("abs(x)*exp(x)", 0, -1, 1)]
    [InlineData("abs(x)*1e-20", 0, -1e-20, 1e-20)]
    [InlineData("abs(x)*exp(-1e20*x^2)", 0, -1, 1)]
    [InlineData("max(x, 2)", 2, 0, 1)]
    [InlineData("min(x, x^2)", 1, 2, 1)]
    [InlineData("max(sin(x), cos(x))", Math.PI / 4, -0.7071067811865476, 0.7071067811865476)]
    [InlineData("relu(x)", 0, 0, 1)]
    [InlineData("relu(x - 0.1)*(1 + x)", 0.1, 0, 1.1)]
    [InlineData("leaky_relu(x)", 0, 0.01, 1)]
    [InlineData("hardtanh(x)", 1, 1, 0)]
    [InlineData("if(x < 1, x^2, 3x - 2)", 1, 2, 3)]
    [InlineData("if(x <= 0, -x, x^2)", 0, -1, 0)]
    [InlineData("sqrt(x^2)", 0, -1, 1)]
    [InlineData("5 + abs(x)/1000 + sin(100x)", 0, 99.999, 100.001)]
    [InlineData("frac(x) + max(x, 1.5)", 1.5, 1, 2)]
    public void Kinks_are_found_with_both_slopes(string formula, double x, double left, double right)
    {
        var kink = Numeric.KinkAt(Expr.Parse(formula).ToFunc("x"), x).ShouldNotBeNull();
        kink.IsJump.ShouldBeFalse();
        kink.Left.ShouldBe(left, 1e-5 * (Math.Abs(left) + Math.Abs(right)));
        kink.Right.ShouldBe(right, 1e-5 * (Math.Abs(left) + Math.Abs(right)));
    }

    [Theory]
    [InlineData("floor(x)", 1, 0, 1)]
    [InlineData("floor(x)", 1e8, 99999999, 1e8)]
    [InlineData("ceil(x)", -3, -3, -2)]
    [InlineData("round(x)", 0.5, 0, 1)]
    [InlineData("sign(x)", 0, -1, 1)]
    [InlineData("frac(x)", 2, 1, 0)]
    [InlineData("sign(x - 2)*exp(x)", 2, -7.38905609893065, 7.38905609893065)]
    [InlineData("if(x = 2, 5, x)", 2, 2, 2)]
    [InlineData("if(x < 1, x, x + 0.001)", 1, 1, 1.001)]
    [InlineData("abs(x)/x*if(x = 0, 1, 1) + floor(x)", 1, 1, 2)]
    public void Jumps_are_found_with_both_limits(string formula, double x, double left, double right)
    {
        var kink = Numeric.KinkAt(Expr.Parse(formula).ToFunc("x"), x).ShouldNotBeNull();
        kink.IsJump.ShouldBeTrue();
        kink.Left.ShouldBe(left, 1e-6);
        kink.Right.ShouldBe(right, 1e-6);
    }

    [Theory]
    [InlineData("sqrt(abs(x))", 0)]              // infinite slopes
    [InlineData("sqrt(x)", 0)]                   // nothing on the left
    [InlineData("x^(2/3)", 0)]
    [InlineData("abs(x)^(4/3)", 0)]
    [InlineData("x*abs(x)", 0)]                  // only the second derivative has a kink
    [InlineData("abs(x)^1.5", 0)]
    [InlineData("x*ln(x)", 0)]
    [InlineData("abs(x)*ln(abs(x))", 1e-300)]
    [InlineData("if(x = 0, 0, x^2*sin(1/x))", 0)]
    [InlineData("1/x", 0)]
    [InlineData("sin(x)/x", 0)]
    [InlineData("tan(x)", Math.PI / 2)]
    [InlineData("abs(x - 1e-9)", 0)]             // beside a kink
    [InlineData("relu(x - 1e-9)", 0)]
    [InlineData("abs(x - 1)", 1.000000000001)]
    [InlineData("floor(x)", 1.0000001)]
    [InlineData("sqrt(x^2 + 1e-30)", 0)]         // a corner that is rounded
    [InlineData("ln(1 + exp(1e6*x))", 0)]
    [InlineData("tanh(1e13*x)", 0)]
    [InlineData("tanh(1e13*(x - 1))", 1)]
    [InlineData("(1 + x) - 1", 0)]
    [InlineData("(1 - cos(x))/x^2", 1e-8)]
    [InlineData("(exp(x) - 1)/x", 1e-12)]
    [InlineData("sin(1/x)", 1e-3)]
    [InlineData("x", double.PositiveInfinity)]
    public void Points_without_a_kink_have_none(string formula, double x) =>
        Numeric.KinkAt(Expr.Parse(formula).ToFunc("x"), x).ShouldBeNull();

    [Fact]
    public void Smooth_functions_have_no_kinks_however_steep()
    {
        string[] formulas =
        [
            "exp(50x)", "exp(-50x)", "sin(1000x)", "cos(1000x)", "sqrt(x)", "tan(x)", "1/x", "x^3", "x^2", "x^20", "ln(x)", "1/x^2", "x",
            "x^3 - 3x + 1e-3", "(x - 1)^7", "sin(x)/x", "(exp(x) - 1)/x", "(1 - cos(x))/x^2", "ln(1 + x)", "atan(1000x)", "tanh(100x)",
            "1/(1 + 1e6*x^2)", "exp(-1e4*x^2)", "x*ln(x)", "x^x", "sqrt(1 + x^2)", "erf(10x)", "1e8 + x^2", "1e-8*sin(x)", "cosh(20x)",
            "sqrt(x + 1) - sqrt(x)", "gelu(x)", "sigmoid(100x)", "mish(x)", "x^(1/3)", "asin(x)", "acosh(x)", "if(x < 50, x^2, x^2)",
        ];
        double[] points =
        [
            0, 1e-300, 1e-12, 1e-8, -1e-8, 1e-4, 0.1, 0.3, -0.3, 0.5, 1, -1, 1.0000001, Math.PI / 4, Math.PI / 2, Math.PI / 2 - 1e-10,
            Math.PI / 2 + 1e-7, Math.PI, 2, Math.E, -2.5, 7, 10, 49.99, 100, 12345.678, 1e8, -1e8, 1e8 + 1, 1e15,
        ];
        var random = new Random(3);
        var found = new List<string>();
        foreach (string formula in formulas)
        {
            var f = Expr.Parse(formula).ToFunc("x");
            double[] some = [.. Enumerable.Range(0, 200).Select(i => (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-9, 9)))];
            foreach (double x in points.Concat(some))
                if (Numeric.KinkAt(f, x) is { } kink) found.Add($"{formula} at {x:R}: {kink}");
        }
        found.ShouldBeEmpty();
    }
}
