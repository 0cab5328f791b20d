using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class Along
{
    // An index with one place for each j stands for all o and i.

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
        bool isList = index.Length == k;
        if (isList) Check(y.Length, x.Length, x.Length, outer, n, k, inner);
        else Check(y.Length, x.Length, index, outer, n, k, inner);
        if (x.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<CombineMatrix<TFold, T>>(new(px, pi, isList, k, py, n, inner), outer, k * inner);
    }

    // A comparison of random numbers that is a branch is guessed wrong every second time: in lanes it is none.
    private readonly struct CombineMatrix<TFold, T>(T* x, long* index, bool isList, int k, T* y, int n, int inner) : IRowOfMatrix
        where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* block = y + (long)row * n * inner, from = x + (long)row * k * inner;
            long* places = isList ? index : index + (long)row * k * inner;
            ulong size = (ulong)n;
            if (inner == 1)
            {
                for (long* end = places + k; places < end; places++, from++) One(places, size, block, from, 1);
                return;
            }
            long width = inner;
            for (int j = 0; j < k; j++, places += isList ? 1 : width, from += width)
            {
                // Slices, as IndexReduce has them: all go to one place.
                if (isList || IsOne(places, inner))
                {
                    if ((ulong)*places >= size) Places.Refuse(*places, n);
                    T* slice = block + *places * width;
                    Sweep.Range(new Folded<TFold, T>(from, slice), slice, 0, (nuint)inner, false);
                    continue;
                }
                for (long i = 0; i < width; i++) One(places + i, size, block + i, from + i, width);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void One(long* place, ulong size, T* block, T* from, long width)
        {
            long at = *place;
            if ((ulong)at >= size) Places.Refuse(at, (int)size);
            T* target = block + at * width;
            Lane<T>.Store(TFold.Combine(Lane<T>.Load(in *from, 0), Lane<T>.Load(in *target, 0)), ref *target, 0);
        }

        private static bool IsOne(long* places, int count) => !new ReadOnlySpan<long>(places, count).ContainsAnyExcept(*places);
    }

    private readonly struct Folded<TFold, T>(T* x, T* y) : IElements<T> where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> => TFold.Combine(R.Load(in *x, i), R.Load(in *y, i));
    }
}
