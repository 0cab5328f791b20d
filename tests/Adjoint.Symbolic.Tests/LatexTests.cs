using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>LaTeX is read back as the formula it came from: every bracket that is needed is there.</summary>
public class LatexTests
{
    [Theory]
    [InlineData("(1e20)^x", @"\left(1 \cdot 10^{20}\right)^{x}")]
    [InlineData("(1.5e-17)^x", @"\left(\frac{3}{2 \cdot 10^{17}}\right)^{x}")]
    [InlineData("2^(1e20)", @"2^{1 \cdot 10^{20}}")]
    [InlineData("x^(-1e20)", @"\frac{1}{x^{1 \cdot 10^{20}}}")]
    [InlineData("if(x < 0, 1, 2)^2", @"\left(\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{otherwise} \end{cases}\right)^{2}")]
    [InlineData("if(x < 0, 1, 2) + y", @"\left(\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{otherwise} \end{cases}\right) + y")]
    [InlineData("sin(if(x < 0, 1, 2))", @"\sin\left(\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{otherwise} \end{cases}\right)")]
    [InlineData("(1/2)^x", @"\left(\frac{1}{2}\right)^{x}")]
    [InlineData("(-2)^x", @"\left(-2\right)^{x}")]
    public void Brackets_stand_where_they_are_needed(string formula, string latex) => Expr.Parse(formula).ToLatex().ShouldBe(latex);

    /// <summary>Every kind of formula as base, exponent, factor, divisor, term and argument of every other.</summary>
    [Fact]
    public void Every_kind_of_formula_in_every_place_is_read_back()
    {
        string[] kinds =
        [
            "x", "-x", "3", "-3", "1e20", "-1e20", "1.5e-17", "0.1", "-1/3", "pi", "e", "x + y", "x - y", "-x - y", "x*y", "-x*y", "x/y",
                "-x/y", "1/x", "x^2", "x^(-2)", "x^y", "2^x", "x^(1/2)", "sqrt(x)", "exp(x)",
            "sin(x)", "sin(x)^2", "1/sin(x)", "abs(x)", "abs(x)^3", "atan2(x, y)", "log2(x)", "floor(x)", "if(x < y, x, 2)",
            "if(x = y, 1, y)", "max(x, y)", "erf(x)", "(x + y)*(x - y)", "(x + 1)/(y + 2)",
        ];
        Expr[] parts = [.. kinds.Select(Expr.Parse)];
        int compared = 0;
        foreach (Expr a in parts)
            foreach (Expr b in parts)
                foreach (
                    Expr e in (Expr[])[
                        Power.Of(a, b), a * b, a / b, a + b, a - b, a - (b - a), a / (b / a), a * (b + a), -Power.Of(a, 2) * b,
                        Power.Of(Power.Of(a, 2), b), a.Abs().Sqrt() + b, Power.Of(a.Sin(), b)])
                {
                    var back = LatexReader.Read(e.ToLatex());
                    foreach (double x in (double[])[0.3, -1.7])
                    {
                        double expected = e.Evaluate(("x", x), ("y", 1.3)), actual = back.Evaluate(("x", x), ("y", 1.3));
                        Bounded bound = Expr.Compile([e], "x", "y").Invoke<Bounded>([new Bounded(x, 0), new Bounded(1.3, 0)]);
                        if (!double.IsFinite(expected) || !bound.IsFinite || bound.Error > 1e-6 * (1 + Math.Abs(expected))) continue;
                        actual.ShouldBe(expected, 8 * bound.Error + 1e-9 * Math.Abs(expected) + 1e-290, $"{e}  →  {e.ToLatex()}");
                        compared++;
                    }
                }
        compared.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void Random_formulas_are_read_back()
    {
        var formulas = new RandomFormulas(29);
        string[] numbers = ["1e20", "-1e20", "1.5e-17", "-2.5e300", "0.044715", "-1/3", "7"];
        var random = new System.Random(30);
        int compared = 0;
        for (int i = 0; i < 1_000; i++)
        {
            Expr e = formulas.Next(4), number = Expr.Parse(numbers[random.Next(numbers.Length)]);
            e = random.Next(8) switch
            {
                0 => Power.Of(number, e),
                1 => Power.Of(e, number),
                2 => number * e,
                3 => e / number,
                4 => Power.Of(e, formulas.Next(2)),
                5 => e - number * formulas.Next(2),
                6 => e.Atan2(formulas.Next(2)).Floor() + Conditional.IfAtMost(e, number, e, number),
                _ => e,
            };
            var back = LatexReader.Read(e.ToLatex());
            foreach (double x in (double[])[0.3, -1.7, 2.5])
            {
                double expected = e.Evaluate(("x", x), ("y", 1.3)), actual = back.Evaluate(("x", x), ("y", 1.3));
                Bounded bound = Expr.Compile([e], "x", "y").Invoke<Bounded>([new Bounded(x, 0), new Bounded(1.3, 0)]);
                if (!double.IsFinite(expected) || !bound.IsFinite || bound.Error > 1e-6 * (1 + Math.Abs(expected))) continue;
                actual.ShouldBe(expected, 8 * bound.Error + 1e-9 * Math.Abs(expected) + 1e-290, $"{e}  →  {e.ToLatex()}");
                compared++;
            }
        }
        compared.ShouldBeGreaterThan(1_000);
    }
}
