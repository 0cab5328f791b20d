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
