using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>Text that people type: read in the sense it was written in, or refused with what to write.</summary>
public class TypedTextTests
{
    [Theory]
    [InlineData("0x10", 0, "16, not 0x10")]
    [InlineData("1 + 0XFF", 4, "in decimal")]
    [InlineData("0b101", 0, "in decimal")]
    [InlineData("0o17", 0, "in decimal")]
    [InlineData("1_000", 1, "1000, not 1_000")]
    [InlineData("2.5_0*x", 3, "without separators")]
    [InlineData("1,5*x", 1, "decimals are written with a point")]
    [InlineData("1/2x", 3, "(1/2)*x or 1/(2*x)")]
    [InlineData("x/2(1 + x)", 3, "not clear")]
    [InlineData("1/2π", 3, "not clear")]
    [InlineData("a/b|x|", 3, "not clear")]
    [InlineData("1/2√x", 3, "not clear")]
    [InlineData("PI*x", 0, "write pi")]
    [InlineData("2*Pi", 2, "write pi")]
    [InlineData("x + inf", 4, "write Infinity")]
    [InlineData("infinity", 0, "write Infinity")]
    [InlineData("nan", 0, "write NaN")]
    [InlineData("x^2 + xy + y^2", 6, "to multiply, write x*y")]
    [InlineData("abc + a + b + c", 0, "write a*b*c")]
    [InlineData("x + х", 4, "look the same")]
    [InlineData("sin(30°)", 6, "deg2rad(30)")]
    [InlineData("50%", 2, "x/100")]
    [InlineData("x!", 1, "no factorial")]
    [InlineData("f'", 1, "derivative")]
    [InlineData("x[1]", 1, "brackets are round")]
    [InlineData("log(x, 2)", 0, "ln(x)/ln(b)")]
    [InlineData("lg(x)", 0, "did you mean log10?")]
    [InlineData("tg(x)", 0, "did you mean tan?")]
    [InlineData("sin x^2", 0, "sin(…)")]
    [InlineData("x\u200b*y", 1, "\\u200b")]
    [InlineData("(int)2.7", 5, "")]
    [InlineData("7 // 2", 3, "found '/'")]
    [InlineData("x mod 2", 2, "operator")]
    public void Is_refused_with_what_to_write(string text, int position, string reason)
    {
        var error = Should.Throw<ParseException>(() => Expr.Parse(text));
        error.Position.ShouldBe(position);
        error.Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("2^3^2", 512)]
    [InlineData("-2^2", -4)]
    [InlineData("1e5x", 300_000)]
    [InlineData("2e", 2 * Math.E)]
    [InlineData("7/2", 3.5)]
    [InlineData("1/3*3", 1)]
    [InlineData("1/2*x", 1.5)]
    [InlineData("1/(2x)", 1.0 / 6)]
    [InlineData("(1/2)x", 1.5)]
    [InlineData("x/2 + 2x/3", 3.5)]
    [InlineData("2x^2", 18)]
    [InlineData("−x", -3)]
    [InlineData("x – 1", 2)]
    [InlineData("0*x", 0)]
    [InlineData("log(e)", 1)]
    [InlineData("x/2*y", 6)]
    [InlineData("rate + r", 5)]
    public void Is_read_as_it_was_written(string text, double value) =>
        Expr.Parse(text).Evaluate(("x", 3), ("y", 4), ("rate", 2), ("r", 3)).ShouldBe(value, 1e-12);

    [Fact]
    public void What_is_printed_is_never_refused()
    {
        var formulas = new RandomFormulas(41);
        for (int i = 0; i < 400; i++)
        {
            var e = formulas.Next(4);
            Expr.Parse(e.ToText()).ShouldNotBeNull();
            Expr.Parse(e.Simplify().ToText()).ShouldNotBeNull();
            Expr.Parse(e.ToString()).ShouldNotBeNull();
        }
    }
}
