using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

public class ParserTests
{
    [Theory]
    [InlineData("1 + 2*3", 7)]
    [InlineData("2^3^2", 512)]
    [InlineData("-2^2", -4)]
    [InlineData("2^-1", 0.5)]
    [InlineData("2**10", 1024)]
    [InlineData("1 - 2 - 3", -4)]
    [InlineData("8/4/2", 1)]
    [InlineData("2(3 + 4)", 14)]
    [InlineData("(1 + 1)(2 + 3)", 10)]
    [InlineData("--3", 3)]
    [InlineData("2·3 − 4÷2", 4)]
    [InlineData("3²", 9)]
    [InlineData("2⁻²", 0.25)]
    [InlineData("1e-3*1000", 1)]
    [InlineData("cos(π) + sin(0)", -1)]
    [InlineData("ln(e)", 1)]
    [InlineData("max(2, 3) - min(2, 3)", 1)]
    [InlineData("if(1 > 2, 10, 20)", 20)]
    [InlineData(".5 + 1.", 1.5)]
    [InlineData("if(2 <= 2, 10, 20) + if(2 ≥ 3, 1, 2) + if(2 != 2, 3, 4) + if(2 == 2, 5, 6)", 21)]
    public void Reads_as_written(string text, double value) => Expr.Parse(text).Evaluate().ShouldBe(value, 1e-15);

    [Theory]
    [InlineData("sin^2(x)", "sin(x)^2")]
    [InlineData("sin²(x) + cos²(x) − 3·x^(x − 1)·π", "sin(x)^2 + cos(x)^2 - 3*x^(x - 1)*pi")]
    [InlineData("ln¹²(x)^2", "(ln(x)^12)^2")]
    [InlineData("2sin^2(2x)cos(x)", "2*sin(2*x)^2*cos(x)")]
    [InlineData("max²(x, y)", "max(x, y)^2")]
    [InlineData("|x|", "abs(x)")]
    [InlineData("|x - |y||", "abs(x - abs(y))")]
    [InlineData("||x| - y|", "abs(abs(x) - y)")]
    [InlineData("|x||y|", "abs(x)*abs(y)")]
    [InlineData("|2(1 - |x|)|", "abs(2*(1 - abs(x)))")]
    [InlineData("-|x|²/|-y|", "-abs(x)^2/abs(-y)")]
    [InlineData("2|x| + x|x| + max(|x|, 1)|x|", "2*abs(x) + x*abs(x) + max(abs(x), 1)*abs(x)")]
    [InlineData("x^|y|", "x^abs(y)")]
    [InlineData("√x", "sqrt(x)")]
    [InlineData("√(x+1)", "sqrt(x + 1)")]
    [InlineData("2√x·y/√√y", "2*sqrt(x)*y/sqrt(sqrt(y))")]
    [InlineData("x√2 + √2x", "x*sqrt(2) + sqrt(2)*x")]
    [InlineData("√sin(x)", "sqrt(sin(x))")]
    [InlineData("x^√2", "x^sqrt(2)")]
    [InlineData("16x(1 − x)", "16*x*(1 - x)")]
    [InlineData("x₁(1 - x_2)λ(2 + x)", "x₁*(1 - x_2)*λ*(2 + x)")]
    [InlineData("2π(r + 1)", "2*pi*(r + 1)")]
    [InlineData("x^y(1 + x)", "x^y*(1 + x)")]
    [InlineData("e^x(1 + x)", "exp(x)*(1 + x)")]
    [InlineData("e^(2x)", "exp(2*x)")]
    [InlineData("e²", "exp(2)")]
    [InlineData("e^1 + e^0", "e + 1")]
    [InlineData("if(x ≤ 0, -x, x²)", "if(x <= 0, -x, x^2)")]
    [InlineData("-∞·x", "-Infinity*x")]
    [InlineData("v₋₁·v̇₅", "v₋₁*v̇₅")]
    public void Reads_the_notation_of_school(string text, string meaning)
    {
        Expr.Parse(text).ShouldBe(Expr.Parse(meaning));
        Expr.Parse(text).ToString().ShouldBe(meaning);
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("   ", 3, "empty")]
    [InlineData("1 +", 3, "ends where")]
    [InlineData("x1 + x2*sinn(x1)", 8, "did you mean sin?")]
    [InlineData("rate(1 - x)", 0, "to multiply, write rate*(…)")]
    [InlineData("1 + f(x + 1)", 4, "to multiply, write f*(…)")]
    [InlineData("y(x)", 0, "to multiply, write y*(…)")]
    [InlineData("x(2)", 0, "to multiply, write x*(…)")]
    [InlineData("sin^-1(x)", 3, "can mean asin(x) or 1/sin(x)")]
    [InlineData("1 + sin⁻¹(x)", 7, "can mean asin(x) or 1/sin(x)")]
    [InlineData("ln^(-1)(x)", 2, "can mean exp(x) or 1/ln(x)")]
    [InlineData("floor^-1(x)", 5, "write 1/floor(x)")]
    [InlineData("sin^-2(x)", 3, "otherwise write sin(x)^(…)")]
    [InlineData("sin^n(x)", 3, "otherwise write sin(x)^(…)")]
    [InlineData("sin^2.5(x)", 3, "otherwise write sin(x)^(…)")]
    [InlineData("1 + sin^2 x", 4, "sin^2(…)")]
    [InlineData("√x²", 2, "√(x^2) or (√x)^2")]
    [InlineData("√(x + 1)^2", 8, "√(x^2) or (√x)^2")]
    [InlineData("√-x", 1, "found '-'")]
    [InlineData("|x", 2, "'|'")]
    [InlineData("|x + |", 6, "ends where")]
    [InlineData("|(x|)", 4, "found ')'")]
    [InlineData("sin x", 0, "sin(…)")]
    [InlineData("2 3", 2, "Expected an operator, found '3'")]
    [InlineData("(x + 1", 6, "')'")]
    [InlineData("x + 1)", 5, "found ')'")]
    [InlineData("x $ y", 2, "'$'")]
    [InlineData("atan2(x)", 0, "two arguments, not 1")]
    [InlineData("sin(x, y)", 0, "one argument, not 2")]
    [InlineData("1e999", 0, "finite")]
    [InlineData("x + * y", 4, "found '*'")]
    [InlineData("if(x, 1, 2)", 4, "'<', '>' or '='")]
    public void Errors_point_at_the_character(string text, int position, string reason)
    {
        var error = Should.Throw<ParseException>(() => Expr.Parse(text));
        error.Position.ShouldBe(position);
        error.Message.ShouldContain(reason);
        string[] lines = error.Message.Split('\n');
        lines.Length.ShouldBe(3);
        lines[2].IndexOf('^').ShouldBe(4 + position);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("-", 100_000)]
    [InlineData("sin(", 100_000)]
    [InlineData("x^", 100_000)]
    [InlineData("if(", 100_000)]
    [InlineData("|", 100_000)]
    [InlineData("√", 100_000)]
    public void Deep_nesting_is_an_error_not_a_crash(string piece, int times) =>
        Should.Throw<ParseException>(() => Expr.Parse(string.Concat(Enumerable.Repeat(piece, times)) + "x")).Message.ShouldContain(
            "nested more than");

    [Fact]
    public void Long_flat_formulas_are_fine()
    {
        var sum = Expr.Parse(string.Join(" + ", Enumerable.Repeat("x*y", 20_000)));
        sum.Differentiate("x").Simplify().ToString().ShouldBe("20000*y");
    }

    [Fact]
    public void A_deep_formula_from_code_can_be_evaluated_and_differentiated()
    {
        Expr x = new Variable("x"), e = x;
        for (int i = 0; i < 20_000; i++) e = (e * e).Sin();
        double.IsFinite(e.Evaluate(("x", 0.5))).ShouldBeTrue();
        double.IsFinite(e.Differentiate("x").Evaluate(("x", 0.5))).ShouldBeTrue();
        Should.Throw<InsufficientExecutionStackException>(() => e.ToString());
    }

    [Fact]
    public void Random_text_gives_a_formula_or_a_parse_exception()
    {
        const string alphabet = "xy12.(),+-*/^ sinelog<>=if²πe_$\t√|≤₁";
        var random = new System.Random(5);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            try { Expr.Parse(text).ToString().ShouldNotBeNullOrEmpty(); parsed++; }
            catch (ParseException e) { e.Position.ShouldBeInRange(0, text.Length); }
        }
        parsed.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_missing_value_is_named() =>
        Should.Throw<KeyNotFoundException>(() => Expr.Parse("x + y").Evaluate(("x", 1))).Message.ShouldContain("variable y");

    [Fact]
    public void Numbers_are_rounded_to_the_nearest_double()
    {
        var random = new Random(4);
        string[] texts = ["1e-300", "1e300", "0.1", "1e22", "1e23", "1.7976931348623157e308", "2.2250738585072014e-308",
            .. Enumerable.Range(0, 500).Select(_ => $"{random.NextInt64()}e{random.Next(-320, 280)}")];
        foreach (string text in texts)
            Expr.Parse(text).Evaluate().ShouldBe(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), text);
    }
}
