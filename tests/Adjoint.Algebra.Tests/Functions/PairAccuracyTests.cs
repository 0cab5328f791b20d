using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// The elementary functions of two registers: units in the last place, what IEEE 754 says of special values, and the same bits at every
/// width.
/// </summary>
public sealed class PairAccuracyTests
{
    private static readonly double[] s_specials =
        [0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1, -1, 2, -2, 0.5, -0.5, 3, -3,
        1e-310, -1e-310, double.Epsilon, 1e-40, 1e300, -1e300, 1e38, 1e-38, 1.5, -1.5, 10, 1e10, 1e22];

    internal static readonly string[] Names = ["pow", "atan2", "hypot", "fmod", "remainder"];

    /// <summary>Name, largest error in float as the operation states it.</summary>
    public static TheoryData<string, double> Limits =>
        [.. Names.Select(name => (char.ToUpperInvariant(name[0]) + name[1..], Ulps(name).Float32))];

    /// <summary>Name, largest error in double. A remainder of doubles has no reference but another remainder of doubles.</summary>
    public static TheoryData<string, double> Limits64 =>
        [.. Names[..3].Select(name => (char.ToUpperInvariant(name[0]) + name[1..], Ulps(name).Float64))];

    private static (double Float32, double Float64) Ulps(string name) => OpTable.ElementWise.Single(op => op.Name == name).Info.Ulps!.Value;

    [Theory, MemberData(nameof(Limits64))]
    public void Double_results_are_within_the_stated_units_in_the_last_place(string name, double limit)
    {
        string text = (string)typeof(ReferenceValues).GetField(name)!.GetValue(null)!;
        double[] n =
            [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(v => BitConverter.UInt64BitsToDouble(Convert.ToUInt64(v, 16)))];
        n.Length.ShouldBe(270);
        for (int i = 0; i < n.Length; i += 3)
        {
            double y = Of<Lane<double>, double>(name, Lane<double>.Broadcast(n[i]), Lane<double>.Broadcast(n[i + 1])).Value[0],
                exact = n[i + 2];
            if (double.IsInfinity(exact) || Math.Abs(exact) < 2.3e-308)
                Math.Abs(y - exact).ShouldBe(double.IsInfinity(exact) ? double.NaN : 0, 1e-320);
            // The reference is itself rounded, by up to half a unit.
            else (Math.Abs(y - exact) / (Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact)))
                .ShouldBeLessThanOrEqualTo(limit + 0.5, $"{name}({n[i]:R}, {n[i + 1]:R})");
        }
    }

    [Theory, MemberData(nameof(Limits))]
    public void Float_results_are_within_the_stated_units_in_the_last_place(string name, double limit)
    {
        var random = new System.Random(5);
        for (int i = 0; i < 60_000; i++)
        {
            float x = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))),
                y = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-2, 3)));
            if (name == "Pow") x = Math.Abs(x);
            double exact = Reference(name, x, y),
                value = Of<Lane<float>, float>(name, Lane<float>.Broadcast(x), Lane<float>.Broadcast(y)).Value[0];
            if (!(Math.Abs(exact) is >= 1.2e-38 and < 3.4e38)) continue;
            double ulp = MathF.BitIncrement((float)Math.Abs(exact)) - (double)(float)Math.Abs(exact);
            (Math.Abs(value - exact) / ulp).ShouldBeLessThanOrEqualTo(limit + 1e-6, $"{name}({x:R}, {y:R})");
        }
    }

    [Theory, MemberData(nameof(Limits))]
    public void Special_values_are_those_of_IEEE_754(string name, double limit)
    {
        foreach (double x in s_specials)
            foreach (double y in s_specials)
            {
                Same(Of<Lane<double>, double>(name, Lane<double>.Broadcast(x), Lane<double>.Broadcast(y)).Value[0], Reference(name, x, y),
                    2e-16);
                float a = (float)x, b = (float)y;
                Same(Of<Lane<float>, float>(name, Lane<float>.Broadcast(a), Lane<float>.Broadcast(b)).Value[0],
                    (float)Reference(name, a, b), 1e-7);

                void Same(double value, double expected, double unit)
                {
                    string call = $"{name}({x:R}, {y:R}) = {value:R}, not {expected:R}";
                    if (double.IsNaN(expected) || double.IsInfinity(expected)) value.ShouldBe(expected, call);
                    else Math.Abs(value - expected)
                        .ShouldBeLessThanOrEqualTo(
                            Math.Abs(expected) * unit * limit + (limit > 0.5 ? 1.5e-45 * (unit > 1e-10 ? 1 : 0) : 0), call);
                    if (expected == 0) double.IsNegative(value).ShouldBe(double.IsNegative(expected), call);
                }
            }
    }

    [Fact]
    public void Whole_powers_that_are_numbers_come_out_exactly()
    {
        for (int b = 2; b <= 12; b++)
            for (int e = 0; Math.Pow(b, e) < 1L << 53; e++)
            {
                double exact = 1;
                for (int i = 0; i < e; i++) exact *= b;
                Of<Lane<double>, double>("Pow", Lane<double>.Broadcast(-b), Lane<double>.Broadcast(e)).Value[0]
                    .ShouldBe(e % 2 == 0 ? exact : -exact, $"{-b}^{e}");
                if (exact < 1 << 24)
                    Of<Lane<float>, float>("Pow", Lane<float>.Broadcast(b), Lane<float>.Broadcast(e)).Value[0]
                    .ShouldBe((float)exact, $"{b}^{e}");
            }
    }

    [Theory, MemberData(nameof(Limits))]
    public void Every_width_and_one_number_at_a_time_give_the_same_bits(string name, double limit)
    {
        limit.ShouldBeLessThan(5);
        var random = new System.Random(3);
        double[] x = [.. s_specials, .. Enumerable.Range(0, 454).Select(i => (random.NextDouble() - 0.3) * Math.Pow(10, i % 13 - 6))];
        double[] y =
            [.. s_specials.Reverse(), .. Enumerable.Range(0, 454).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, i % 5 - 2))];
        SameBits<double>(name, x, y);
        SameBits<float>(name, [.. x.Select(v => (float)v)], [.. y.Select(v => (float)v)]);
    }

    private static void SameBits<T>(string name, T[] x, T[] y) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[] one = new T[x.Length], z = new T[x.Length];
        for (int i = 0; i < x.Length; i++) one[i] = Of<Real<T>, T>(name, new Real<T>(x[i]), new Real<T>(y[i])).Value;
        Lanes<Lanes128<T>>();
        Lanes<Lanes256<T>>();
        Lanes<Lanes512<T>>();
        Lanes<Lane<T>>();

        void Lanes<R>() where R : struct, IRegister<R, T>
        {
            for (int i = 0; i + R.Count <= x.Length; i += R.Count)
                R.Store(Of<R, T>(name, R.Load(in x[0], (nuint)i), R.Load(in y[0], (nuint)i)), ref z[0], (nuint)i);
            for (int i = 0; i < x.Length / R.Count * R.Count; i++)
                z[i].Equals(one[i]).ShouldBeTrue($"{name}({x[i]}, {y[i]}) in {typeof(R)}: {z[i]} and {one[i]}");
        }
    }

    private static double Reference(string name, double x, double y) => name switch
    {
        "Pow" => Math.Pow(x, y),
        "Atan2" => Math.Atan2(x, y),
        "Hypot" => double.Hypot(x, y),
        "Fmod" => x % y,
        _ => x % y is var r && r != 0 && (r < 0) != (y < 0) ? r + y : x % y,
    };

    private static R Of<R, T>(string name, R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => name switch
    {
        "Pow" => Registers.Pow<R, T>(x, y),
        "Atan2" => Registers.Atan2<R, T>(x, y),
        "Hypot" => Registers.Hypot<R, T>(x, y),
        "Fmod" => Registers.Fmod<R, T>(x, y),
        "Remainder" => Registers.Remainder<R, T>(x, y),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
    };
}
