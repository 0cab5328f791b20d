namespace Adjoint.Kernels;

internal static unsafe partial class Reduce
{
    /// <summary>index[o, i] = the first k at which x[o, k, i] is largest; a NaN is larger than any number.</summary>
    public static void ArgMax<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index) where T : unmanaged => Arg<MaxFold, T>(x, outer, n, inner, index);

    /// <summary>index[o, i] = the first k at which x[o, k, i] is smallest; a NaN is smaller than any number.</summary>
    public static void ArgMin<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index) where T : unmanaged => Arg<MinFold, T>(x, outer, n, inner, index);

    private static void Arg<TFold, T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<long> index) where TFold : struct, IFold where T : unmanaged
    {
        Check(x.Length, index.Length, outer, n, inner);
        if (index.IsEmpty) return;
        if (n == 0) throw new ArgumentException("The place of the extreme of no elements was asked for; n must be at least 1.");
        fixed (T* px = x)
        fixed (long* pi = index)
        {
            if (inner == 1) Rows.Run<ArgRow<TFold, T>>(new(px, pi, n), outer, n);
            else Rows.Run<ArgColumns<TFold, T>>(new(px, pi, n, inner), outer, n * inner);
        }
    }

    /// <summary>The extreme first, by whole registers; then where it stands.</summary>
    private readonly struct ArgRow<TFold, T>(T* x, long* index, int n) : IRowOfMatrix where TFold : struct, IFold where T : unmanaged
    {
        public void Run(int row)
        {
            T* start = x + (long)row * n;
            Lane<T> extreme = Lane<T>.Broadcast(Fold.Range<TFold, Dense<T>, T>(new(start), 0, (nuint)n));
            bool isNaN = Lane<T>.Equal(extreme, extreme) == 0;
            nuint k = 0;
            while (isNaN ? !IsNaN(start[k]) : Lane<T>.Equal(Lane<T>.Load(in *start, k), extreme) == 0) k++;
            index[row] = (long)k;
        }
    }

    private readonly struct ArgColumns<TFold, T>(T* x, long* index, int n, int inner) : IRowOfMatrix where TFold : struct, IFold where T : unmanaged
    {
        public void Run(int matrix)
        {
            T* start = x + (long)matrix * n * inner;
            for (int i = 0; i < inner; i++)
            {
                long place = 0;
                Lane<T> best = Lane<T>.Broadcast(start[i]);
                for (int k = 1; k < n && Lane<T>.Equal(best, best) != 0; k++)
                {
                    Lane<T> next = Lane<T>.Broadcast(start[(long)k * inner + i]), winner = TFold.Combine(best, next);
                    if (Lane<T>.Equal(winner, best) == 0) (best, place) = (winner, k);
                }
                index[(long)matrix * inner + i] = place;
            }
        }
    }

    private static bool IsNaN<T>(T value) where T : unmanaged => Lane<T>.Equal(Lane<T>.Broadcast(value), Lane<T>.Broadcast(value)) == 0;
}
