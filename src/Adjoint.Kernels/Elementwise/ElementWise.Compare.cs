using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>z = 1 where the relation holds between x and y, else 0, for operands of equal length or one of them of length 1.</summary>
    public static void Compare<TComparison, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<byte> z) where TComparison : struct, IComparison
        where T : unmanaged
    {
        if (x.Length != 1) CheckLength(x.Length, z.Length);
        if (y.Length != 1) CheckLength(y.Length, z.Length);
        Compare<TComparison, T>(new Broadcast([z.Length], [x.Length == z.Length ? 1 : 0], [y.Length == z.Length ? 1 : 0]), x, y, z);
    }

    /// <summary>z = 1 where the relation holds between x and y, else 0, with operands laid out as <paramref name="shape"/> says.</summary>
    public static void Compare<TComparison, T>(in Broadcast shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<byte> z)
        where TComparison : struct, IComparison where T : unmanaged
    {
        CheckLength(z.Length, checked((int)shape.Length));
        fixed (T* px = x, py = y)
        fixed (byte* pz = z)
            BroadcastLoop<CompareRow<TComparison, T>, T>.Run(new(pz), shape, px, py);
    }

    /// <summary>y = 1 where x is NaN, else 0.</summary>
    public static void IsNaN<T>(ReadOnlySpan<T> x, Span<byte> y) where T : unmanaged => Compare<NotEqual, T>(x, x, y);

    /// <summary>y = 1 where x is ∞ or −∞, else 0.</summary>
    public static void IsInfinite<T>(ReadOnlySpan<T> x, Span<byte> y)
        where T : unmanaged =>
        Compare<MagnitudeEqual, T>(x, [Numbers.Convert<T>(double.PositiveInfinity)], y);

    /// <summary>y = 1 where x is neither infinite nor NaN, else 0.</summary>
    public static void IsFinite<T>(ReadOnlySpan<T> x, Span<byte> y)
        where T : unmanaged =>
        Compare<MagnitudeLess, T>(x, [Numbers.Convert<T>(double.PositiveInfinity)], y);

    private readonly struct CompareRow<TComparison, T>(byte* target) : IRow<T> where TComparison : struct, IComparison where T : unmanaged
    {
        public void Run(T* x, int xStride, T* y, int yStride, long start, int count)
        {
            if (xStride == 1 && yStride == 1) Bits<Dense<T>, Dense<T>>(new(x), new(y), target + start, (nuint)count);
            else if (xStride == 1) Bits<Dense<T>, Repeated<T>>(new(x), new(y), target + start, (nuint)count);
            else if (yStride == 1) Bits<Repeated<T>, Dense<T>>(new(x), new(y), target + start, (nuint)count);
            else Bits<Repeated<T>, Repeated<T>>(new(x), new(y), target + start, (nuint)count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Bits<X, Y>(X x, Y y, byte* target, nuint count) where X : struct, IElements<T> where Y : struct, IElements<T>
        {
            nuint i = Vector512.IsHardwareAccelerated
                ? Many<Lanes512<T>, X, Y>(x, y, target, count) : Many<Lanes256<T>, X, Y>(x, y, target, count);
            for (; i < count; i++) target[i] = (byte)(TComparison.Of<Lane<T>, T>(x.At<Lane<T>>(i), y.At<Lane<T>>(i)) & 1);
        }

        /// <summary>As many as fill registers: 64 relations are 64 bits, and each bit becomes a byte.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static nuint Many<R, X, Y>(X x, Y y, byte* target, nuint count)
            where R : struct, IRegister<R, T> where X : struct, IElements<T> where Y : struct, IElements<T>
        {
            nuint i = 0, lanes = (nuint)R.Count;
            ulong all = ulong.MaxValue >> (64 - R.Count);
            for (; i + 64 <= count; i += 64)
            {
                ulong bits = 0;
                for (nuint part = 0; part < 64; part += lanes)
                    bits |= (TComparison.Of<R, T>(x.At<R>(i + part), y.At<R>(i + part)) & all) << (int)part;
                BitsAsBytes.Store(bits, target + i);
            }
            for (; lanes >= 8 && i + lanes <= count; i += lanes)
            {
                ulong bits = TComparison.Of<R, T>(x.At<R>(i), y.At<R>(i));
                for (nuint eight = 0; eight < lanes; eight += 8, bits >>= 8) *(ulong*)(target + i + eight) = BitsAsBytes.Eight(bits & 255);
            }
            return i;
        }
    }
}
