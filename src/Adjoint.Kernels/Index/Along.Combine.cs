using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class Along
{
    /// <summary>y[o, index[o, j, i], i] *= x[o, j, i], in row-major order.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged =>
        Combine<ProductFold, T>(x, index, k, y, outer, n, inner);

    /// <summary>y[o, index[o, j, i], i] = the larger of it and x[o, j, i]; a NaN stays.</summary>
    public static void Raise<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged =>
        Combine<MaxFold, T>(x, index, k, y, outer, n, inner);

    /// <summary>y[o, index[o, j, i], i] = the smaller of it and x[o, j, i]; a NaN stays.</summary>
    public static void Lower<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where T : unmanaged =>
        Combine<MinFold, T>(x, index, k, y, outer, n, inner);

    private static void Combine<TFold, T>(ReadOnlySpan<T> x, ReadOnlySpan<long> index, int k, Span<T> y, int outer, int n, int inner)
        where TFold : struct, IFold where T : unmanaged
    {
        Check(y.Length, x.Length, index, outer, n, k, inner);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<CombineMatrix<TFold, T>>(new(px, pi, k, py, n, inner), outer, k * inner);
    }

    // A comparison of random numbers that is a branch is guessed wrong every second time: in lanes it is none.
    private readonly struct CombineMatrix<TFold, T>(T* x, long* index, int k, T* y, int n, int inner) : IRowOfMatrix
        where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* block = y + (long)row * n * inner, from = x + (long)row * k * inner;
            long* places = index + (long)row * k * inner;
            long* end = places + (long)k * inner;
            ulong size = (ulong)n;
            for (long width = inner; places < end; places += width, from += width)
            {
                // Slices, as IndexReduce has them: all go to one place.
                if (inner > 1 && IsOne(places, inner))
                {
                    if ((ulong)*places >= size) Places.Refuse(*places, n);
                    T* slice = block + *places * width;
                    Sweep.Range(new Folded<TFold, T>(from, slice), slice, 0, (nuint)inner, false);
                    continue;
                }
                for (long i = 0; i < width; i++)
                {
                    long place = places[i];
                    if ((ulong)place >= size) Places.Refuse(place, n);
                    T* target = block + place * width + i;
                    Lane<T>.Store(TFold.Combine(Lane<T>.Load(in from[i], 0), Lane<T>.Load(in *target, 0)), ref *target, 0);
                }
            }
        }

        private static bool IsOne(long* places, int count) => !new ReadOnlySpan<long>(places, count).ContainsAnyExcept(*places);
    }

    private readonly struct Folded<TFold, T>(T* x, T* y) : IElements<T> where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> => TFold.Combine(R.Load(in *x, i), R.Load(in *y, i));
    }
}
