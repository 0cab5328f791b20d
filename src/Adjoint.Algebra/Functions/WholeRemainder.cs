using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Adjoint.Kernels;

namespace Adjoint;

internal static partial class Registers
{
    // 1.5·2⁵²: the low bits of a double near it are a whole number between −2⁵¹ and 2⁵¹.
    private const double WholeOrigin = 6755399441055744;

    /// <summary>x mod y of whole numbers: with the sign of y, if it is floored, else with that of x.</summary>
    /// <remarks>
    /// Note [Whole remainders]: processors divide whole numbers one at a time, and doubles in registers. Numbers below 2⁵¹ are doubles,
    /// the quotient is never rounded below the whole number that is sought, at most up to the next, and x − q·y, rounded once, is a
    /// whole number small enough to be exact. What is larger, or divided by 0, goes the long way.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static R WholeRemainder<R, T, TFunction>(R x, R y, bool floored)
        where R : struct, IRegister<R, T> where T : unmanaged where TFunction : struct, IScalarFunction2
    {
        bool isShort = typeof(T) == typeof(int);
        if (!Avx2.IsSupported || !isShort && typeof(T) != typeof(long) || R.Count < 4) return R.Map2<TFunction>(x, y);
        R result = default;
        ref T xs = ref Unsafe.As<R, T>(ref x), ys = ref Unsafe.As<R, T>(ref y), results = ref Unsafe.As<R, T>(ref result);
        for (nuint i = 0; i < (nuint)R.Count; i += 4)
        {
            Vector256<long> a = Wide(ref xs, i), b = Wide(ref ys, i), middle = Vector256.Create(1L << 51);
            if (Vector256.EqualsAny(b, Vector256<long>.Zero)) return R.Map2<TFunction>(x, y);
            if (!isShort && ((a + middle | b + middle) >>> 52) != Vector256<long>.Zero) return R.Map2<TFunction>(x, y);
            Vector256<double> rest = Remainder(Double(a), Double(b), floored);
            Vector256<long> whole = (rest + Vector256.Create(WholeOrigin)).AsInt64() - Vector256.Create(WholeOrigin).AsInt64();
            if (isShort) Vector128.Narrow(whole.GetLower(), whole.GetUpper()).StoreUnsafe(ref Unsafe.As<T, int>(ref results), i);
            else whole.StoreUnsafe(ref Unsafe.As<T, long>(ref results), i);
        }
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Remainder(Vector256<double> x, Vector256<double> y, bool floored)
    {
        Vector256<double> dividend = floored ? x : Vector256.Abs(x), divisor = floored ? y : Vector256.Abs(y);
        Vector256<double> rest = Vector256.FusedMultiplyAdd(-Vector256.Floor(dividend / divisor), divisor, dividend);
        rest = Vector256.ConditionalSelect(Vector256.LessThan(rest * divisor, Vector256<double>.Zero), rest + divisor, rest);
        return floored ? rest : Vector256.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Wide<T>(ref T numbers, nuint i) where T : unmanaged => typeof(T) == typeof(int)
        ? Avx2.ConvertToVector256Int64(Vector128.LoadUnsafe(ref Unsafe.As<T, int>(ref numbers), i))
        : Vector256.LoadUnsafe(ref Unsafe.As<T, long>(ref numbers), i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Double(Vector256<long> x) =>
        (x + Vector256.Create(WholeOrigin).AsInt64()).AsDouble() - Vector256.Create(WholeOrigin);
}
