using System.Numerics;
namespace Adjoint.Kernels;
internal static class Reduce
{
    public static void Sum<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged, INumber<T>
    {
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                T s = T.Zero;
                for (int k = 0; k < n; k++) s += x[(o * n + k) * inner + i];
                y[o * inner + i] = s;
            }
    }
}
internal static class Strided
{
    public static void Gather<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, Span<T> target) where T : unmanaged
    {
        for (int i = 0; i < target.Length; i++) target[i] = source[Place(i, offset, sizes, strides)];
    }
    public static void Scatter<T>(ReadOnlySpan<T> source, Span<T> target, int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides) where T : unmanaged
    {
        for (int i = 0; i < source.Length; i++) target[Place(i, offset, sizes, strides)] = source[i];
    }
    static int Place(int i, int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
    {
        for (int d = sizes.Length - 1; d >= 0; d--) { offset += i % sizes[d] * strides[d]; i /= sizes[d]; }
        return offset;
    }
}
internal static class Cast
{
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target) where TFrom : unmanaged where TTo : unmanaged
    {
        for (int i = 0; i < target.Length; i++) target[i] = Numbers.Convert<TTo>(Numbers.ToDouble(source[i]));
    }
}
