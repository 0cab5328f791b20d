using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>The special functions: units in the last place beside values of 60 digits, and special values.</summary>
public sealed class SpecialAccuracyTests
{
    private static readonly (string Name, string Reference)[] s_functions =
    [
        ("erfcx", "Erfcx"), ("erfinv", "Erfinv"), ("ndtr", "Ndtr"), ("ndtri", "Ndtri"), ("log_ndtr", "LogNdtr"), ("i0", "I0"),
        ("i0e", "I0e"), ("i1", "I1"), ("i1e", "I1e"),
    ];

    internal static IEnumerable<string> Names => s_functions.Select(f => f.Name);

    public static TheoryData<string, string> Functions => [.. s_functions];

    private static UnaryRow Row(string name) => (UnaryRow)OpTable.ElementWise.Single(op => op.Name == name);

    private static (double X, double Y)[] Reference(string name)
    {
        string text = (string)typeof(ReferenceValues).GetField(name)!.GetValue(null)!;
        double[] numbers =
            [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(v => BitConverter.UInt64BitsToDouble(Convert.ToUInt64(v, 16)))];
        numbers.Length.ShouldBeGreaterThan(180);
        return [.. Enumerable.Range(0, numbers.Length / 2).Select(i => (numbers[2 * i], numbers[2 * i + 1]))];
    }

    [Theory, MemberData(nameof(Functions))]
    public void Double_results_are_within_the_stated_units_in_the_last_place(string name, string reference)
    {
        UnaryRow row = Row(name);
        double worst = 0, at = 0;
        foreach ((double x, double exact) in Reference(reference))
        {
            if (!double.IsFinite(exact) || Math.Abs(exact) < 2.3e-308) continue;
            double ulp = Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact),
                error = Math.Abs(row.Value(new Real<double>(x)).Value - exact) / ulp;
            if (!(error <= worst)) (worst, at) = (error, x);
        }
        // The reference is itself rounded, by up to half a unit.
        worst.ShouldBeLessThanOrEqualTo(row.Info.Ulps!.Value.Float64 + 0.5, $"{name}({at:R})");
    }

    /// <summary>Beside the function of doubles, at floats near the arguments of the reference and at many others.</summary>
    [Theory, MemberData(nameof(Functions))]
    public void Float_results_are_within_the_stated_units_in_the_last_place(string name, string reference)
    {
        UnaryRow row = Row(name);
        var random = new System.Random(3);
        double worst = 0, at = 0;
        foreach ((double point, _) in Reference(reference))
        {
            for (int i = 0; i < 200; i++)
            {
                float x = (float)(point * (i == 0 ? 1 : 0.5 + random.NextDouble()));
                double exact = row.Value(new Real<double>(x)).Value;
                if (!(Math.Abs(exact) is >= 1.2e-38 and < 3.4e38)) continue;
                double ulp = MathF.BitIncrement((float)Math.Abs(exact)) - (double)(float)Math.Abs(exact),
                    error = Math.Abs(row.Value(new Real<float>(x)).Value - exact) / ulp;
                if (!(error <= worst)) (worst, at) = (error, x);
            }
        }
        worst.ShouldBeLessThanOrEqualTo(row.Info.Ulps!.Value.Float32, $"{name}({at:R})");
    }

    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    public static TheoryData<string, double[], double[]> Specials => new()
    {
        { "erfcx", [0, -0.0, Inf, -Inf, NaN, -30], [1, 1, 0, Inf, NaN, Inf] },
        { "erfinv", [0, -0.0, 1, -1, 1.5, -1.5, Inf, NaN], [0, -0.0, Inf, -Inf, NaN, NaN, NaN, NaN] },
        { "ndtr", [0, Inf, -Inf, NaN, 50, -50], [0.5, 1, 0, NaN, 1, 0] },
        { "ndtri", [0, 1, 0.5, -0.1, 1.1, NaN], [-Inf, Inf, 0, NaN, NaN, NaN] },
        { "log_ndtr", [Inf, -Inf, NaN, 50], [0, -Inf, NaN, 0] },
        { "i0", [0, -0.0, Inf, -Inf, NaN, 1000, -1000], [1, 1, Inf, Inf, NaN, Inf, Inf] },
        { "i0e", [0, -0.0, Inf, -Inf, NaN], [1, 1, 0, 0, NaN] },
        { "i1", [0, -0.0, Inf, -Inf, NaN, 1000, -1000], [0, -0.0, Inf, -Inf, NaN, Inf, -Inf] },
        { "i1e", [0, -0.0, Inf, -Inf, NaN], [0, -0.0, 0, -0.0, NaN] },
    };

    [Theory, MemberData(nameof(Specials))]
    public void Special_values(string name, double[] x, double[] expected)
    {
        UnaryRow row = Row(name);
        for (int i = 0; i < x.Length; i++)
        {
            foreach (double y in new[] { row.Value(new Real<double>(x[i])).Value, row.Value(new Real<float>((float)x[i])).Value })
            {
                y.ShouldBe(expected[i], $"{name}({x[i]:R})");
                if (expected[i] == 0 && name != "log_ndtr")
                    double.IsNegative(y).ShouldBe(double.IsNegative(expected[i]), $"{name}({x[i]:R})");
            }
        }
    }
}
