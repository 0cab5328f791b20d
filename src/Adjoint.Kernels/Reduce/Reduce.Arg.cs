using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

internal static unsafe partial class Reduce
{
    /// <summary>index[o, i] = the first k at which x[o, k, i] is largest; a NaN is larger than any number.</summary>
    public static void ArgMax<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index)
        where T : unmanaged =>
        Arg<MaxFold, T>(x, outer, n, inner, index);

    /// <summary>index[o, i] = the first k at which x[o, k, i] is smallest; a NaN is smaller than any number.</summary>
    public static void ArgMin<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index)
        where T : unmanaged =>
        Arg<MinFold, T>(x, outer, n, inner, index);

    private static void Arg<TFold, T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index) where TFold : struct, IFold
        where T : unmanaged
    {
        Check(x.Length, index.Length, outer, n, inner);
        if (index.IsEmpty) return;
        if (n == 0) throw new ArgumentException("The place of the extreme of no elements was asked for; n must be at least 1.");
        fixed (T* px = x)
        fixed (long* pi = index)
        {
            if (inner == 1)
            {
                Rows.Run<ArgRow<TFold, T>>(new(px, pi, n), outer, n);
                return;
            }
            T[] extremes = new T[outer * inner];
            fixed (T* pe = extremes)
            {
                Columns.Run<TFold, T>(px, pe, outer, n, inner);
                Rows.Run<ArgColumns<T>>(new(px, pe, pi, n, inner), outer, n * inner);
            }
        }
    }

    /// <summary>The extreme first, by whole registers; then where it stands.</summary>
    private readonly struct ArgRow<TFold, T>(T* x, long* index, int n) : IRowOfMatrix where TFold : struct, IFold where T : unmanaged
    {
        public void Run(int row)
        {
            T* start = x + (long)row * n;
            Lane<T> extreme = Lane<T>.Broadcast(Fold.Range<TFold, Dense<T>, T>(new(start), 0, (nuint)n));
            index[row] = First(start, extreme, n);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static long First(T* x, Lane<T> extreme, int n)
        {
            bool isNaN = Lane<T>.Equal(extreme, extreme) == 0;
            Lanes256<T> wanted = Lanes256<T>.Broadcast(extreme.Value.ToScalar());
            nuint lanes = (nuint)Lanes256<T>.Count, k = 0;
            for (; k + lanes <= (nuint)n; k += lanes)
            {
                Lanes256<T> here = Lanes256<T>.Load(in *x, k);
                ulong found = isNaN ? ~Lanes256<T>.Equal(here, here) & Mask<T>() : Lanes256<T>.Equal(here, wanted);
                if (found != 0) return (long)k + BitOperations.TrailingZeroCount(found);
            }
            while (isNaN ? !IsNaN(x[k]) : Lane<T>.Equal(Lane<T>.Load(in *x, k), extreme) == 0) k++;
            return (long)k;
        }
    }

    /// <summary>Goes through the rows of a matrix and notes in which each column's extreme is first met.</summary>
    private readonly struct ArgColumns<T>(T* x, T* extremes, long* index, int n, int inner) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int matrix)
        {
            T* extreme = extremes + (long)matrix * inner;
            long* place = index + (long)matrix * inner;
            new Span<long>(place, inner).Fill(-1);
            nuint lanes = (nuint)Lanes256<T>.Count, width = (nuint)inner;
            for (int k = 0; k < n; k++)
            {
                T* row = x + ((long)matrix * n + k) * inner;
                nuint i = 0;
                for (; i + lanes <= width; i += lanes)
                {
                    Lanes256<T> here = Lanes256<T>.Load(in *row, i), wanted = Lanes256<T>.Load(in *extreme, i);
                    ulong found =
                        Lanes256<T>.Equal(here, wanted) | ~(Lanes256<T>.Equal(here, here) | Lanes256<T>.Equal(wanted, wanted)) & Mask<T>();
                    for (; found != 0; found &= found - 1)
                    {
                        nuint at = i + (nuint)BitOperations.TrailingZeroCount(found);
                        if (place[at] < 0) place[at] = k;
                    }
                }
                for (; i < width; i++)
                    if (place[i] < 0
                        && (Lane<T>.Equal(Lane<T>.Broadcast(row[i]), Lane<T>.Broadcast(extreme[i])) != 0
                            || IsNaN(row[i]) && IsNaN(extreme[i]))) place[i] = k;
            }
        }
    }

    /// <summary>A bit for each lane of 256 bits.</summary>
    private static ulong Mask<T>() where T : unmanaged => ulong.MaxValue >> (64 - Lanes256<T>.Count);

    private static bool IsNaN<T>(T value) where T : unmanaged => Lane<T>.Equal(Lane<T>.Broadcast(value), Lane<T>.Broadcast(value)) == 0;
}
