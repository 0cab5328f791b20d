using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>A choice stays wherever it is more than a guard, whether or not a random point finds it.</summary>
public class CasesTests
{
    [Theory]
    [InlineData("if(floor(x) = 100, 0, 3*x)")]
    [InlineData("if(floor(x) = 100, 0, x*y)")]
    [InlineData("if(ceil(x) = x, 0, x*y)")]
    [InlineData("if(round(x) = 37, 0, x)")]
    [InlineData("if(max(x, 90) = 90, x, 0)")]
    [InlineData("if(max(x, 90) = 90, 0, x*y)")]
    [InlineData("if(min(x, -20) = x, 0, x*y)")]
    [InlineData("if(sign(x) = 1, 0, x*y)")]
    [InlineData("if(abs(x - 100) = x - 100, 0, x*y)")]
    [InlineData("if(relu(x - 50) = 0, 5, x*y)")]
    [InlineData("if(x > 1000, 1, x)")]
    [InlineData("if(x = 0, 0, 1/x)")]
    [InlineData("if(x = 0, 0, y/x)")]
    [InlineData("if(x = 3, 0, x*y)")]
    [InlineData("if(x = 0, 0, y*floor(x + 5))")]
    [InlineData("if(x = 0, 0, floor(y - 1)*(x + 1))")]
    [InlineData("if(x = 0, if(y < 1, x*y + 7, 0), x*y + 7)")]
    [InlineData("if(y = 0, if(x < 2, x + 5, 0), x + 5)")]
    [InlineData("if(x = y, 0, x*y)")]
    [InlineData("if(x^2 = 4, 0, x*y)")]
    public void Stays(string formula)
    {
        var e = Expr.Parse(formula);
        var simple = e.Simplify();
        AgreeEverywhere(e, simple);
    }

    [Theory]
    [InlineData("if(x = 0, 0, x*y)", "x*y")]
    [InlineData("if(x = 0, 0, x*ln(x))", "x*ln(x)")]
    [InlineData("if(x = y, 0, (x - y)*exp(x))", null)]
    [InlineData("if(x = 0, 0, sin(x)*y)", "sin(x)*y")]
    [InlineData("if(x = 0, 0, x^2*y)", "x^2*y")]
    [InlineData("if(2 < 3, x, y)", "x")]
    [InlineData("if(pi = 0, x, y)", "y")]
    [InlineData("if(exp(1) < pi, x, y)", "x")]
    [InlineData("if(x = x, y, 0)", "y")]
    [InlineData("if(x < x, y, 0)", "0")]
    [InlineData("if(ln(x) = ln(x), 1, 2)", "if(ln(x) = ln(x), 1, 2)")]
    [InlineData("if(x/x = 1, 1, 2)", "if(x/x = 1, 1, 2)")]
    [InlineData("if(ln(x) + ln(y) < 0, 1, 2)", "if(ln(x) + ln(y) < 0, 1, 2)")]
    [InlineData("if(2*x + x < 6, 1, 2)", "if(3*x < 6, 1, 2)")]
    [InlineData("fmax(x/x, 0)", "fmax(x/x, 0)")]
    [InlineData("max(x + x, 0)", "max(2*x, 0)")]
    public void Is_left_out_only_where_nothing_hangs_on_it(string formula, string? expected)
    {
        var simple = Expr.Parse(formula).Simplify();
        if (expected is not null) simple.ShouldBe(Expr.Parse(expected));
        else simple.ToString().ShouldNotContain("if");
    }

    [Theory]
    [InlineData("if(x <= 0, 1, 2)", 2)]
    [InlineData("if(x ≤ 0, 1, 2)", 2)]
    [InlineData("if(x >= 0, 1, 2)", 2)]
    [InlineData("if(x < 0, 1, 2)", 2)]
    [InlineData("if(x > 0, 1, 2)", 2)]
    [InlineData("if(x = x, 1, 2)", 2)]
    [InlineData("if(x != x, 1, 2)", 1)]
    [InlineData("if(0 <= x, 1, 2)", 2)]
    [InlineData("if(0 >= x, 1, 2)", 2)]
    [InlineData("if(ln(x) <= x, 1, 2)", 2)]
    public void Nothing_holds_of_what_is_not_a_number(string formula, double value)
    {
        var e = Expr.Parse(formula);
        e.Evaluate(("x", double.NaN)).ShouldBe(value);
        Expr.Parse(e.ToString()).Evaluate(("x", double.NaN)).ShouldBe(value);
        e.ShouldBe(Expr.Parse(e.ToText()));
        e.Compile("x").Invoke<Dual<Real<double>>>([Dual<Real<double>>.Variable(new(double.NaN))]).Value.Value.ShouldBe(value);
    }

    [Fact]
    public void At_most_is_printed_as_it_is_written()
    {
        Expr.Parse("if(x <= y, 1, 2)").ToString().ShouldBe("if(x <= y, 1, 2)");
        Expr.Parse("if(x >= y, 1, 2)").ToText().ShouldBe("if(y ≤ x, 1, 2)");
        Expr.Parse("if(x <= y, 1, 2)").ToLatex().ShouldContain(@"x \le y");
        Expr.Parse("if(x <= y, 1, 2)").ToCSharp().ShouldBe("x <= y ? 1.0 : 2.0");
    }

    /// <summary>Formulas of cases, steps and kinks against their simplified form, at the places where they happen.</summary>
    [Fact]
    public void Random_cases_keep_their_value()
    {
        (int seed, int count) = RandomFormulas.Amount(3, 500);
        var formulas = new RandomCases(seed);
        int compared = 0;
        for (int i = 0; i < count; i++)
        {
            var e = formulas.Next(3);
            compared += AgreeEverywhere(e, e.Simplify());
        }
        compared.ShouldBeGreaterThan(10 * count);
    }

    private static int AgreeEverywhere(Expr e, Expr simple)
    {
        double[] places = [0, 1, -1, 2, 3, -3, 0.5, -0.5, 2.5, 10, 37, 50.5, 90, 100, 100.3, -20, -50, 1234.5, 1e6];
        int compared = 0;
        var before = Expr.Compile([e], "x", "y");
        var after = Expr.Compile([simple], "x", "y");
        foreach (double x in places)
            foreach (double y in (double[])[0, 1, -2, 0.75, 5, 100])
            {
                Bounded[] at = [new(x, 0), new(y, 0)];
                Bounded expected = before.Invoke<Bounded>(at), actual = after.Invoke<Bounded>(at);
                // Where rounding decides, or the value is lost in it, nothing can be said.
                if (!expected.IsFinite || expected.Error > 1e-6 * (1 + Math.Abs(expected.Value))) continue;
                if (double.IsNaN(actual.Error) && double.IsNaN(actual.Value) && (IsGuarded(e, x, y) || IsUndecided(simple, x, y))) continue;
                if (double.IsFinite(actual.Value) && !double.IsFinite(actual.Error)) continue;
                actual.Value.ShouldBe(expected.Value, 8 * (expected.Error + actual.Error) + 1e-12, $"{e}  →  {simple}  at {x}, {y}");
                compared++;
            }
        return compared;
    }

    /// <summary>Where a comparison is one of rounding errors there is no bound, but a value.</summary>
    private static bool IsUndecided(Expr e, double x, double y) => double.IsFinite(e.Evaluate(("x", x), ("y", y)));

    /// <summary>A guard that was left out is undefined at the point it guarded, where it said 0.</summary>
    private static bool IsGuarded(Expr e, double x, double y) => PostOrder.Of(e).OfType<Conditional>().Any(c =>
        c.Relation == Adjoint.Symbolic.Relation.Equal && c.X.Evaluate(("x", x), ("y", y)) == c.Y.Evaluate(("x", x), ("y", y)));

    private sealed class RandomCases(int seed)
    {
        // Those of them that the table has.
        private static readonly string[] Functions =
        [
            .. ((string[])["floor", "ceil", "round", "abs", "sign", "relu", "ln", "sqrt", "exp", "frac", "trunc"])
                .Intersect(OpTable.ElementWise.SelectMany(op => op.Info.FormulaNames)),
        ];
        private static readonly string[] Pairs = ["min", "max", "fmin", "fmax", "remainder", "fmod"];

        private readonly System.Random _random = new(seed);

        public Expr Next(int depth)
        {
            if (depth == 0 || _random.Next(9) == 0)
                return _random.Next(4) switch
                {
                    0 => Expr.Constant(_random.Next(-3, 4)),
                    1 => Expr.Constant(((double[])[0.5, 100, -20, 37, 90])[_random.Next(5)]),
                    2 => new Variable("x"),
                    _ => new Variable("y"),
                };
            Expr Sub() => Next(depth - 1);
            switch (_random.Next(12))
            {
                case 0: return Sub() + Sub();
                case 1: return Sub() - Sub();
                case 2: case 3: return Sub() * Sub();
                case 4: return Sub() / Sub();
                case 5: return Power.Of(Sub(), _random.Next(-2, 4));
                case 6: return KnownFunctions.Call(Functions[_random.Next(Functions.Length)], [Sub()]);
                case 7: return KnownFunctions.Call(Pairs[_random.Next(Pairs.Length)], [Sub(), Sub()]);
                case 8: return Expr.IfLess(Sub(), Sub(), Sub(), Sub());
                case 9: return Conditional.IfAtMost(Sub(), Sub(), Sub(), Sub());
                case 10: return Expr.IfEqual(Sub(), Sub(), _random.Next(2) == 0 ? Numeral.Zero : Sub(), Sub());
                default:
                    Expr otherwise = Sub();
                    return Expr.IfEqual(Sub(), Sub(), Expr.IfLess(Sub(), Sub(), otherwise, Numeral.Zero), otherwise);
            }
        }
    }
}
