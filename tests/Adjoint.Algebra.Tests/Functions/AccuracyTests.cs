using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>The elementary functions of registers: units in the last place, special values, and the same bits at every width.</summary>
public sealed class AccuracyTests
{
    /// <summary>Name and the interval of arguments for float.</summary>
    private static readonly (string Name, double Low, double High)[] Intervals =
    [
        ("Exp", -87, 88),
        ("Exp2", -126, 127),
        ("Expm1", -17, 88),
        ("Log", 1e-37, 1e38),
        ("Log1p", -0.99999, 1e10),
        ("Sin", -1e5, 1e5),
        ("Cos", -1e5, 1e5),
        ("Tan", -1e5, 1e5),
        ("Tanh", -10, 10),
        ("Sigmoid", -87, 20),
        ("Erf", -5, 5),
        ("Erfc", -5, 9),
        ("Log2", 1e-37, 1e38),
        ("Log10", 1e-37, 1e38),
        ("Atan", -1e10, 1e10),
        ("Asin", -1, 1),
        ("Acos", -1, 1),
        ("Sinh", -88, 88),
        ("Cosh", -88, 88),
        ("Asinh", -1e15, 1e15),
        ("Acosh", 1, 1e15),
        ("Atanh", -1, 1),
    ];

    /// <summary>Name, largest error in float and in double as the operation states it, the interval of arguments for float.</summary>
    public static TheoryData<string, double, double, double, double> Limits =>
        [.. from interval in Intervals
            let ulps = OpTable.ElementWise.Single(op => op.Name == interval.Name.ToLowerInvariant()).Info.Ulps!.Value
            select (interval.Name, ulps.Float32, ulps.Float64, interval.Low, interval.High)];

    [Fact]
    public void Every_operation_that_states_its_accuracy_is_measured() =>
        OpTable.All.Where(op => op.Info.Ulps is not null).Select(op => op.Name)
            .ShouldBe(Intervals.Select(interval => interval.Name.ToLowerInvariant()).Concat(PairAccuracyTests.Names)
                .Concat(SpecialAccuracyTests.Names), ignoreOrder: true);

    [Theory, MemberData(nameof(Limits))]
    public void Float_results_are_within_the_stated_units_in_the_last_place(
        string name, double limit, double limit64, double low, double high)
    {
        limit64.ShouldBePositive();
        const int n = 100_000;
        var random = new System.Random(7);
        float[] x = new float[n], y = new float[n];
        double[] exact = new double[n];
        for (int i = 0; i < n; i++)
        {
            double v = i % 2 == 0 ? low + random.NextDouble() * (high - low) : Math.Clamp(6 * random.NextDouble() - 3, low, high);
            if (i % 5 == 3) v *= Math.Pow(10, -12 * random.NextDouble());
            x[i] = (float)(low > 0 && i % 2 == 0 ? Math.Exp(Math.Log(low) + random.NextDouble() * (Math.Log(high) - Math.Log(low))) : v);
        }
        Apply(name, x, y);
        Apply(name, [.. x.Select(v => (double)v)], exact);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < n; i++)
        {
            if (!(Math.Abs(exact[i]) >= 1.2e-38) || Math.Abs(exact[i]) > float.MaxValue) continue;
            double ulp = MathF.BitIncrement((float)Math.Abs(exact[i])) - (double)(float)Math.Abs(exact[i]),
                error = Math.Abs(y[i] - exact[i]) / ulp;
            if (!(error <= worst)) (worst, at) = (error, x[i]);
        }
        worst.ShouldBeLessThanOrEqualTo(limit, $"{name}({at:R})");
    }

    /// <summary>
    /// Where formulas meet, some floats are much worse than most: one in thirty-seven of all there are between 1/2 and 3/2.
    /// </summary>
    [Theory, InlineData("Tanh"), InlineData("Erf")]
    public void Float_results_where_formulas_meet_are_within_one_unit(string name)
    {
        float[] x = new float[(BitConverter.SingleToInt32Bits(1.5f) - BitConverter.SingleToInt32Bits(0.5f)) / 37], y = new float[x.Length];
        for (int i = 0; i < x.Length; i++) x[i] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(0.5f) + 37 * i);
        double[] exact = new double[x.Length];
        Apply(name, x, y);
        Apply(name, [.. x.Select(v => (double)v)], exact);
        for (int i = 0; i < x.Length; i++)
            if (Math.Abs(y[i] - exact[i]) > MathF.BitIncrement((float)exact[i]) - (double)(float)exact[i])
                throw new ShouldAssertException($"{name}({x[i]:R}) = {y[i]:R}, not {exact[i]:R}");
    }

    [Theory, MemberData(nameof(Limits))]
    public void Double_results_are_within_the_stated_units_in_the_last_place(
        string name, double limit32, double limit, double low, double high)
    {
        (limit32 * (high - low)).ShouldBePositive();
        string text = (string)typeof(ReferenceValues).GetField(name)!.GetValue(null)!;
        double[] numbers =
            [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(v => BitConverter.UInt64BitsToDouble(Convert.ToUInt64(v, 16)))];
        double[] x = [.. numbers.Where((_, i) => i % 2 == 0)], exact = [.. numbers.Where((_, i) => i % 2 == 1)], y = new double[x.Length];
        x.Length.ShouldBe(90);
        Apply(name, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            if (Math.Abs(exact[i]) < 2.3e-308) continue;
            // The reference is itself rounded, by up to half a unit.
            double ulp = Math.BitIncrement(Math.Abs(exact[i])) - Math.Abs(exact[i]);
            (Math.Abs(y[i] - exact[i]) / ulp).ShouldBeLessThanOrEqualTo(limit + 0.5, $"{name}({x[i]:R})");
        }
    }

    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    /// <summary>Name, arguments, values; both precisions.</summary>
    public static TheoryData<string, double[], double[]> Specials => new()
    {
        { "Exp", [0, -0.0, Inf, -Inf, NaN, 1000, -1000], [1, 1, Inf, 0, NaN, Inf, 0] },
        { "Exp2", [0, 10, -3, Inf, -Inf, NaN, 2000, -2000], [1, 1024, 0.125, Inf, 0, NaN, Inf, 0] },
        { "Expm1", [0, -0.0, Inf, -Inf, NaN, 1000, -1000, 1e-30], [0, -0.0, Inf, -1, NaN, Inf, -1, 1e-30] },
        { "Log", [1, 0, -0.0, Inf, -Inf, NaN, -1], [0, -Inf, -Inf, Inf, NaN, NaN, NaN] },
        { "Log1p", [0, -0.0, -1, Inf, -Inf, NaN, -2, 1e-30], [0, -0.0, -Inf, Inf, NaN, NaN, NaN, 1e-30] },
        { "Sin", [0, -0.0, Inf, -Inf, NaN], [0, -0.0, NaN, NaN, NaN] },
        { "Cos", [0, -0.0, Inf, -Inf, NaN], [1, 1, NaN, NaN, NaN] },
        { "Tan", [0, -0.0, Inf, -Inf, NaN], [0, -0.0, NaN, NaN, NaN] },
        { "Tanh", [0, -0.0, Inf, -Inf, NaN, 100, -100, 1e-30], [0, -0.0, 1, -1, NaN, 1, -1, 1e-30] },
        { "Sigmoid", [0, Inf, -Inf, NaN, 1000, -1000], [0.5, 1, 0, NaN, 1, 0] },
        { "Erf", [0, -0.0, Inf, -Inf, NaN, 50, -50], [0, -0.0, 1, -1, NaN, 1, -1] },
        { "Erfc", [0, Inf, -Inf, NaN, 50, -50], [1, 0, 2, NaN, 0, 2] },
        { "Log2", [1, 8, 0.125, 0, -0.0, Inf, -Inf, NaN, -1], [0, 3, -3, -Inf, -Inf, Inf, NaN, NaN, NaN] },
        { "Log10", [1, 10, 1000, 1e10, 0, -0.0, Inf, -Inf, NaN, -1], [0, 1, 3, 10, -Inf, -Inf, Inf, NaN, NaN, NaN] },
        { "Atan", [0, -0.0, Inf, -Inf, NaN, 1, 1e-30, 1e30], [0, -0.0, Math.PI / 2, -Math.PI / 2, NaN, Math.PI / 4, 1e-30, Math.PI / 2] },
        { "Asin", [0, -0.0, 1, -1, 1.5, -1.5, Inf, NaN, 1e-30], [0, -0.0, Math.PI / 2, -Math.PI / 2, NaN, NaN, NaN, NaN, 1e-30] },
        { "Acos", [0, -0.0, 1, -1, 1.5, -1.5, Inf, NaN], [Math.PI / 2, Math.PI / 2, 0, Math.PI, NaN, NaN, NaN, NaN] },
        { "Sinh", [0, -0.0, Inf, -Inf, NaN, 1000, -1000, 1e-30], [0, -0.0, Inf, -Inf, NaN, Inf, -Inf, 1e-30] },
        { "Cosh", [0, -0.0, Inf, -Inf, NaN, 1000, -1000], [1, 1, Inf, Inf, NaN, Inf, Inf] },
        { "Asinh", [0, -0.0, Inf, -Inf, NaN, 1e-30], [0, -0.0, Inf, -Inf, NaN, 1e-30] },
        { "Acosh", [1, 0, -1, Inf, -Inf, NaN, -1e300], [0, NaN, NaN, Inf, NaN, NaN, NaN] },
        { "Atanh", [0, -0.0, 1, -1, 1.5, -1.5, Inf, -Inf, NaN, 1e-30], [0, -0.0, Inf, -Inf, NaN, NaN, NaN, NaN, NaN, 1e-30] },
    };

    [Theory, MemberData(nameof(Specials))]
    public void Special_values(string name, double[] x, double[] expected)
    {
        double[] y = new double[x.Length];
        Apply(name, x, y);
        for (int i =
            0; i < x.Length; i++)
        {
            y[i].ShouldBe(expected[i], $"{name}({x[i]:R})");
            if (!double.IsNaN(y[i])) double.IsNegative(y[i]).ShouldBe(double.IsNegative(expected[i]), $"{name}({x[i]:R})");
        }
        float[] z = new float[x.Length];
        Apply(name, [.. x.Select(v => (float)v)], z);
        for (int i = 0; i < x.Length; i++)
        {
            z[i].ShouldBe((float)expected[i], $"{name}({x[i]:R}f)");
            if (!float.IsNaN(z[i])) float.IsNegative(z[i]).ShouldBe(double.IsNegative(expected[i]), $"{name}({x[i]:R}f)");
        }
    }

    [Theory, InlineData("Exp"), InlineData("Log"), InlineData("Sigmoid"), InlineData("Tanh"), InlineData("Erfc"), InlineData("Log2"),
        InlineData("Log10"),
     InlineData("Atan"), InlineData("Asin"), InlineData("Sinh"), InlineData("Asinh"), InlineData("Atanh")]
    public void Subnormal_numbers_are_neither_lost_nor_invented(string name)
    {
        Func<double, double> f = name switch
        {
            "Exp" => Math.Exp,
            "Log" => Math.Log,
            "Sigmoid" => v => 1 / (1 + Math.Exp(-v)),
            "Tanh" => Math.Tanh,
            "Log2" => Math.Log2,
            "Log10" => Math.Log10,
            "Atan" or "Asin" or "Sinh" or "Asinh" or "Atanh" => v => v,
            _ => v => ReferenceErfc(v)
        };
        float[] x = name is not ("Exp" or "Sigmoid" or "Erfc") ? [float.Epsilon, 5 * float.Epsilon, 1e-40f, 1.1e-38f] : name == "Erfc"
            ? [9.25f, 9.5f, 9.75f, 10f] : [-88, -95.5f, -101, -103.2f];
        float[] y = new float[4];
        Apply(name, x, y);
        for (int i = 0; i < 4; i++)
        {
            double exact = f(x[i]);
            // One unit, and one step of the subnormal numbers.
            Math.Abs(y[i] - exact).ShouldBeLessThanOrEqualTo(Math.Abs(exact) * 4e-7 + 1.5e-45, $"{name}({x[i]:R})");
        }
    }

    private static double ReferenceErfc(double x)
    {
        double[] y = new double[1];
        Apply("Erfc", [x], y);
        return y[0];
    }

    [Fact]
    public void Huge_angles_are_reduced_exactly()
    {
        double[] x = [1e22, 1e300, -2e9, 123456789.5, 6e7], s = new double[5], c = new double[5];
        Apply("Sin", x, s);
        Apply("Cos", x, c);
        for (int i = 0; i < 5; i++)
        {
            s[i].ShouldBe(Math.Sin(x[i]), 1e-15);
            c[i].ShouldBe(Math.Cos(x[i]), 1e-15);
        }
        float[] f = [1e20f, -3e38f, 100001, 99999], t = new float[4];
        Apply("Sin", f, t);
        for (int i = 0; i < 4; i++) t[i].ShouldBe((float)Math.Sin(f[i]), 1e-7f);
    }

    [Theory, MemberData(nameof(Specials))]
    public void Every_width_and_one_number_at_a_time_give_the_same_bits(string name, double[] specials, double[] values)
    {
        values.Length.ShouldBe(specials.Length);
        var random = new System.Random(3);
        double[] x = [.. specials, .. Enumerable.Range(0, 500).Select(i => (random.NextDouble() - 0.3) * Math.Pow(10, i % 13 - 6))];
        SameBits<double>(name, x);
        SameBits<float>(name, [.. x.Select(v => (float)v)]);
    }

    private static unsafe void SameBits<T>(string name, T[] x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[] one = new T[x.Length], y = new T[x.Length];
        for (int i = 0; i < x.Length; i++) one[i] = Of<Real<T>, T>(name, new Real<T>(x[i])).Value;
        Lanes<Lanes128<T>>();
        Lanes<Lanes256<T>>();
        Lanes<Lanes512<T>>();
        Lanes<Lane<T>>();

        void Lanes<R>() where R : struct, IRegister<R, T>
        {
            for (int i = 0; i + R.Count <= x.Length; i += R.Count) R.Store(Of<R, T>(name, R.Load(in x[0], (nuint)i)), ref y[0], (nuint)i);
            for (int i = 0; i < x.Length / R.Count * R.Count; i++)
                y[i].Equals(one[i]).ShouldBeTrue($"{name}({x[i]}) in {typeof(R)}: {y[i]} and {one[i]}");
        }
    }

    private static void Apply<T>(string name, T[] x, T[] y) where T : unmanaged
    {
        for (int i = 0; i < x.Length; i++) Lane<T>.Store(Of<Lane<T>, T>(name, Lane<T>.Load(in x[i], 0)), ref y[i], 0);
    }

    private static R Of<R, T>(string name, R x) where R : struct, IRegister<R, T> where T : unmanaged => name switch
    {
        "Exp" => Registers.Exp<R, T>(x),
        "Exp2" => Registers.Exp2<R, T>(x),
        "Expm1" => Registers.Expm1<R, T>(x),
        "Log" => Registers.Log<R, T>(x),
        "Log1p" => Registers.Log1p<R, T>(x),
        "Sin" => Registers.Sin<R, T>(x),
        "Cos" => Registers.Cos<R, T>(x),
        "Tan" => Registers.Tan<R, T>(x),
        "Tanh" => Registers.Tanh<R, T>(x),
        "Sigmoid" => Registers.Sigmoid<R, T>(x),
        "Erf" => Registers.Erf<R, T>(x),
        "Erfc" => Registers.Erfc<R, T>(x),
        "Log2" => Registers.Log2<R, T>(x),
        "Log10" => Registers.Log10<R, T>(x),
        "Atan" => Registers.Atan<R, T>(x),
        "Asin" => Registers.Asin<R, T>(x),
        "Acos" => Registers.Acos<R, T>(x),
        "Sinh" => Registers.Sinh<R, T>(x),
        "Cosh" => Registers.Cosh<R, T>(x),
        "Asinh" => Registers.Asinh<R, T>(x),
        "Acosh" => Registers.Acosh<R, T>(x),
        "Atanh" => Registers.Atanh<R, T>(x),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
    };
}
