namespace Adjoint.Tests.Kernels;

/// <summary>The gamma functions: units in the last place beside values of 60 digits, and special values.</summary>
public sealed class GammaAccuracyTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    private static readonly Dictionary<string, (Func<Real<double>, Real<double>> Double, Func<Real<float>, Real<float>> Float)> s_functions =
        new()
        {
            ["lgamma"] = (x => new LgammaOp().Value(x), x => new LgammaOp().Value(x)),
            ["digamma"] = (x => new DigammaOp().Value(x), x => new DigammaOp().Value(x)),
            ["trigamma"] = (x => new PolygammaOp(1).Value(x), x => new PolygammaOp(1).Value(x)),
            ["tetragamma"] = (x => new PolygammaOp(2).Value(x), x => new PolygammaOp(2).Value(x)),
            ["polygamma9"] = (x => new PolygammaOp(9).Value(x), x => new PolygammaOp(9).Value(x)),
        };

    private static double[] Numbers(string reference) =>
    [
        .. ((string)typeof(ReferenceValues).GetField(reference)!.GetValue(null)!)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(v => BitConverter.UInt64BitsToDouble(Convert.ToUInt64(v, 16))),
    ];

    /// <summary>
    /// In units of the last place; below 0, where lgamma and digamma have zeros between their poles, in those of numbers of size 1.
    /// </summary>
    [Theory]
    [InlineData("lgamma", "Lgamma", 4, false), InlineData("lgamma", "LgammaLarge", 4, false), InlineData("lgamma", "LgammaBelow", 8, true)]
    [InlineData("digamma", "Digamma", 4, false), InlineData("digamma", "DigammaLarge", 4, false)]
    [InlineData("digamma", "DigammaBelow", 40, true)]
    [InlineData("trigamma", "Trigamma", 8, false), InlineData("trigamma", "TrigammaBelow", 40, true)]
    [InlineData("tetragamma", "Tetragamma", 8, false), InlineData("polygamma9", "Polygamma9", 8, false)]
    public void Results_are_within_the_stated_units_in_the_last_place(string name, string reference, double most, bool hasZeros)
    {
        double[] numbers = Numbers(reference);
        numbers.Length.ShouldBeGreaterThan(170);
        double worst = 0, at = 0, worstOfFloat = 0, atOfFloat = 0;
        var random = new System.Random(3);
        for (int i = 0; i < numbers.Length; i += 2)
        {
            (double x, double exact) = (numbers[i], numbers[i + 1]);
            if (!double.IsFinite(exact)) continue;
            double size = hasZeros ? Math.Max(1, Math.Abs(exact)) : Math.Abs(exact);
            double error = Math.Abs(s_functions[name].Double(new(x)).Value - exact) / (Math.BitIncrement(size) - size);
            if (!(error <= worst)) (worst, at) = (error, x);
            for (int k = 0; k < 100; k++)
            {
                float near = (float)(x * (k == 0 ? 1 : 0.5 + random.NextDouble()));
                double value = s_functions[name].Double(new(near)).Value;
                double ofSize = hasZeros ? Math.Max(1, Math.Abs(value)) : Math.Abs(value);
                // Beside a pole a step of the argument is many of the result.
                if (!(ofSize is >= 1.2e-38 and < 3.4e38) || hasZeros && Math.Abs(near - MathF.Round(near)) < 0.01) continue;
                double ulp = MathF.BitIncrement((float)ofSize) - (double)(float)ofSize;
                double off = Math.Abs(s_functions[name].Float(new(near)).Value - value) / ulp;
                if (!(off <= worstOfFloat)) (worstOfFloat, atOfFloat) = (off, near);
            }
        }
        worst.ShouldBeLessThanOrEqualTo(most + 0.5, $"{name}({at:R})");
        worstOfFloat.ShouldBeLessThanOrEqualTo(most, $"{name}({atOfFloat:R}f)");
    }

    /// <summary>The incomplete gamma functions: within 64 units, in the tails too.</summary>
    [Theory]
    [InlineData("Igamma", false), InlineData("Igammac", true), InlineData("IgammaTail", false), InlineData("IgammacTail", true)]
    public void Integrals_are_within_the_stated_units(string reference, bool isUpper)
    {
        double[] numbers = Numbers(reference);
        numbers.Length.ShouldBeGreaterThan(60);
        double worst = 0;
        string at = "";
        for (int i = 0; i < numbers.Length; i += 3)
        {
            Real<double> a = new(numbers[i]), x = new(numbers[i + 1]);
            double exact = numbers[i + 2], value = isUpper ? new IgammacOp().Value(a, x).Value : new IgammaOp().Value(a, x).Value;
            double error = Math.Abs(value - exact) / (Math.BitIncrement(exact) - exact);
            if (!(error <= worst)) (worst, at) = (error, $"{a.Value:R}, {x.Value:R}: {value:R} for {exact:R}");
        }
        worst.ShouldBeLessThanOrEqualTo(64.5, at);
    }

    public static TheoryData<string, double[], double[]> Specials => new()
    {
        { "lgamma", [0, -0.0, 1, 2, -1, -2, -1e300, Inf, -Inf, NaN, 1e-320], [Inf, Inf, 0, 0, Inf, Inf, Inf, Inf, Inf, NaN, 736.8272] },
        { "digamma", [0, -0.0, -1, -2, -1e300, Inf, -Inf, NaN], [-Inf, Inf, NaN, NaN, NaN, Inf, NaN, NaN] },
        { "trigamma", [0, -0.0, -1, Inf, NaN], [Inf, Inf, Inf, 0, NaN] },
        { "tetragamma", [0, -1, Inf, NaN], [-Inf, -Inf, -0.0, NaN] },
    };

    [Theory, MemberData(nameof(Specials))]
    public void Special_values(string name, double[] x, double[] expected)
    {
        for (int i = 0; i < x.Length; i++)
        {
            Check(s_functions[name].Double(new(x[i])).Value, expected[i], $"{name}({x[i]:R})");
            if (x[i] is not (1e-320 or -1e300))
                Check(s_functions[name].Float(new((float)x[i])).Value, expected[i], $"{name}({x[i]:R}f)");
        }
    }

    private static void Check(double value, double expected, string what)
    {
        if (double.IsFinite(expected)) value.ShouldBe(expected, 1e-3, what);
        else value.ShouldBe(expected, what);
    }

    [Theory]
    [InlineData(0, 0, NaN, NaN), InlineData(0, 2, 1, 0), InlineData(2, 0, 0, 1), InlineData(Inf, 2, 0, 1), InlineData(2, Inf, 1, 0)]
    [InlineData(Inf, Inf, NaN, NaN), InlineData(-1, 2, NaN, NaN), InlineData(2, -1, NaN, NaN), InlineData(NaN, 1, NaN, NaN)]
    [InlineData(1e15, 1e15, 0.5, 0.5), InlineData(1e15, 2e15, 1, 0), InlineData(1e15, 1, 0, 1), InlineData(1, 1e300, 1, 0)]
    [InlineData(9, 1e40, 1, 0), InlineData(10, 1e308, 1, 0), InlineData(1e300, 2, 0, 1), InlineData(20000, 28500, 1, 0)]
    public void Integrals_at_special_points(double a, double x, double lower, double upper)
    {
        Check(new IgammaOp().Value(new Real<double>(a), new Real<double>(x)).Value, lower, "P");
        Check(new IgammacOp().Value(new Real<double>(a), new Real<double>(x)).Value, upper, "Q");
    }
}
