using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>xʸ = 2^(y·log₂ x). At most 1 ulp in float and double; whole powers that are numbers exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Pow<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) return R.Map2<PowFunction>(x, y);
        ulong all = ulong.MaxValue >> (64 - R.Count);
        if (!AllNormal<R, T>(x) || R.Less(R.Abs(y), R.Constant(double.PositiveInfinity)) != all) return PowOfAny<R, T>(x, y);
        return PowOfNormal<R, T>(x, y, R.Constant(0));
    }

    /// <summary>(x·2^shift)ʸ for a positive normal x.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R PowOfNormal<R, T>(R x, R y, R shift) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R log = Log2Parts<R, T>(x, shift, out R logLow);
        R t = y * log, tLow = R.MultiplyAdd(y, log, -t) + y * logLow;
        // Beyond these bounds the result is 0 or ∞ anyway.
        R bounded = typeof(T) == typeof(float) ? Between<R, T>(t, -160, 160) : Between<R, T>(t, -1100, 1100);
        tLow = R.IfEqual(bounded, t, tLow, R.Constant(0));
        R n = R.Round(bounded), r = bounded - n;
        // 2^r = 1 + u with u = e^(r ln 2) − 1, each with what it lacks.
        R ln2 = Constant<R, T>(0.6931471824645996, 0.6931471805599453);
        R ln2Low = Constant<R, T>(-1.9046542121259336e-09, 2.3190468138462996e-17);
        R w = r * ln2, wLow = R.MultiplyAdd(r, ln2, -w) + R.MultiplyAdd(r, ln2Low, tLow * ln2);
        R rest = w * w * ExpM1Tail<R, T>(w), u = w + rest;
        R uLow = w - u + rest + R.MultiplyAdd(wLow, u, wLow);
        R power = u + 1;
        power += 1 - power + u + uLow;
        return TimesPow2<R, T>(power, n);
    }

    /// <summary>What IEEE 754 says of zeros, infinities, NaN and negative bases.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R PowOfAny<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), zero = R.Constant(0), one = R.Constant(1), infinity = R.Constant(double.PositiveInfinity),
            nan = R.Constant(double.NaN);
        R power = PowOfNormal<R, T>(Normal<R, T>(size, out R shift), y, shift);
        power = R.IfEqual(size, zero, R.IfLess(y, zero, infinity, zero), power);
        power = R.IfEqual(size, infinity, R.IfLess(y, zero, zero, infinity), power);
        power = R.IfEqual(size, one, one, power);
        power = R.IfEqual(size, size, R.IfEqual(y, y, power, y), size);
        R half = y * 0.5, negative = R.CopySign(one, x);
        R signed = R.IfLess(negative, zero, R.IfEqual(R.Floor(half), half, power, -power), power);
        R broken = R.IfLess(x, zero, R.IfLess(-infinity, x, nan, power), power);
        power = R.IfEqual(R.Floor(y), y, signed, broken);
        return R.IfEqual(y, zero, one, R.IfEqual(x, one, one, power));
    }

    private readonly struct PowFunction : IScalarFunction2
    {
        public static double Invoke(double x, double y) => Math.Pow(x, y);

        static string IScalarFunction2.Code => "Math.Pow({0}, {1})";

        static string IScalarFunction2.WholeCode => "Pow({0}, {1})";

        static string IScalarFunction2.WholeMethod => """
            // xʸ of whole numbers, wrapping around; with a negative y it is 0 where it is no whole number.
            static long Pow(long x, long y)
            {
                if (y < 0) return x == 1 ? 1 : x == -1 ? 1 - 2 * (y & 1) : 0;
                long power = 1;
                for (; y > 0; y >>= 1, x *= x)
                    if ((y & 1) != 0) power *= x;
                return power;
            }
            """;

        public static long Invoke(long x, long y)
        {
            if (y < 0) return x == 1 ? 1 : x == -1 ? 1 - 2 * (y & 1) : 0;
            long power = 1;
            for (; y > 0; y >>= 1, x *= x)
                if ((y & 1) != 0) power *= x;
            return power;
        }
    }
}
