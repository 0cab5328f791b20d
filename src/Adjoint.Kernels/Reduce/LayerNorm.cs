using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// y = x̂·w + b with x̂ = (x − m)·r, where m is the mean of a row and r = 1/√(variance + ε), for contiguous rows of n elements and
/// w and b of n elements, or of several rows, which are gone through in turn. Rounded operation by operation, in this order.
/// </summary>
internal static unsafe class LayerNorm
{
    /// <summary>y, and m and r of each row.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, int n, ReadOnlySpan<T> w, ReadOnlySpan<T> b, double eps, Span<T> y, Span<T> mean,
        Span<T> inverse) where T : unmanaged
    {
        Check(x.Length, y.Length, n, w.Length, b.Length, mean.Length, inverse.Length);
        fixed (T* px = x, pw = w, pb = b, py = y, pm = mean, pi = inverse)
            Rows.Run<ForwardRow<T>>(new(px, n, pw, pb, w.Length / Math.Max(n, 1), eps, py, pm, pi), mean.Length, n);
    }

    /// <summary>dx = r·(g·w − Σ g·w/n − x̂·Σ g·w·x̂/n). dx may be g.</summary>
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, int n, ReadOnlySpan<T> w, ReadOnlySpan<T> mean,
        ReadOnlySpan<T> inverse, Span<T> dx) where T : unmanaged
    {
        Check(x.Length, dx.Length, n, w.Length, w.Length, mean.Length, inverse.Length);
        Check(g.Length, dx.Length, n, w.Length, w.Length, mean.Length, inverse.Length);
        fixed (T* pg = g, px = x, pw = w, pm = mean, pi = inverse, pd = dx)
            Rows.Run<BackwardRow<T>>(new(pg, px, n, pw, w.Length / Math.Max(n, 1), pm, pi, pd), mean.Length, n);
    }

    /// <summary>dw = Σ g·x̂ and db = Σ g over the rows; in bands of rows, each on one thread, whose sums are added up in a tree.</summary>
    public static void ParametersBackward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, int n, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse,
        Span<T> dw, Span<T> db) where T : unmanaged
    {
        Check(g.Length, x.Length, n, dw.Length, db.Length, mean.Length, inverse.Length);
        if (n == 0) return;
        int all = dw.Length, rows = mean.Length / (all / n), band = Math.Max(16, 32768 / all);
        int bands = (int)(((long)rows + band - 1) / band);
        using var sums = new Scratch<T>(2L * bands * all);
        sums.Span.Clear();
        T* ps = sums.Data;
        fixed (T* pg = g, px = x, pm = mean, pi = inverse)
        {
            var body = new Bands<T>(pg, px, n, all, pm, pi, rows, band, ps, ps + (long)bands * all);
            Threads.Run(bands, ref body);
        }
        Reduce.Sum<T>(sums.Span[..(bands * all)], 1, bands, all, dw);
        Reduce.Sum<T>(sums.Span[(bands * all)..], 1, bands, all, db);
    }

    private static void Check(int x, int y, int n, int w, int b, int mean, int inverse)
    {
        bool fits = n == 0 ? w == 0 : w % n == 0 && (w == 0 ? mean == 0 : mean % (w / n) == 0);
        if (x != y || !fits || b != w || mean != inverse || x != (long)mean * n)
            throw new ArgumentException(
                $"{mean} rows of {n}: the arrays have {x} and {y} elements, the parameters {w} and {b}, and there are {inverse} "
                + "deviations.");
    }

    private readonly struct ForwardRow<T>(T* x, int n, T* w, T* b, int turn, double eps, T* y, T* mean, T* inverse) : IRowOfMatrix
        where T : unmanaged
    {
        public void Run(int row)
        {
            long own = (long)(row % turn) * n;
            T* start = x + (long)row * n;
            (double average, double squares) = Deviations.Of(start, n);
            T m = Numbers.Convert<T>(average), variance = Numbers.Convert<T>(squares / n);
            Lane<T> r = 1 / Lane<T>.Sqrt(Lane<T>.Broadcast(variance) + Lane<T>.Constant(eps));
            (mean[row], inverse[row]) = (m, r.Value.ToScalar());
            Sweep.Range(new Normalized<T>(start, w + own, b + own, m, inverse[row]), y + (long)row * n, 0, (nuint)n, false);
        }
    }

    private readonly struct BackwardRow<T>(T* g, T* x, int n, T* w, int turn, T* mean, T* inverse, T* dx) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* gRow = g + (long)row * n, xRow = x + (long)row * n, wRow = w + (long)(row % turn) * n;
            T m = mean[row], r = inverse[row];
            double ofG = Numbers.ToDouble(RowSteps.Sum<Product, T>(gRow, wRow, default, n));
            double ofGX = Numbers.ToDouble(Fold.Range<SumFold, WeightedTimesNormalized<T>, T>(new(gRow, xRow, wRow, m, r), 0, (nuint)n));
            T a = Numbers.Convert<T>(ofG / n), b = Numbers.Convert<T>(ofGX / n);
            Sweep.Range(new Slope<T>(gRow, xRow, wRow, m, r, a, b), dx + (long)row * n, 0, (nuint)n, false);
        }
    }

    private readonly struct Bands<T>(T* g, T* x, int n, int all, T* mean, T* inverse, int rows, int band, T* dw, T* db) : IChunkBody
        where T : unmanaged
    {
        public void Run(int chunk)
        {
            T* w = dw + (long)chunk * all, b = db + (long)chunk * all;
            int turn = all / n, end = Math.Min(rows, (chunk + 1) * band) * turn;
            for (int row = chunk * band * turn; row < end; row++)
            {
                long own = (long)(row % turn) * n;
                T* gRow = g + (long)row * n, xRow = x + (long)row * n;
                Sweep.Range(new PlusTimesNormalized<T>(w + own, gRow, xRow, mean[row], inverse[row]), w + own, 0, (nuint)n, false);
                Sweep.Range(new Added<T>(b + own, gRow), b + own, 0, (nuint)n, false);
            }
        }
    }

    private readonly struct Normalized<T>(T* x, T* w, T* b, T mean, T inverse) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> =>
            (R.Load(in *x, i) - R.Broadcast(mean)) * R.Broadcast(inverse) * R.Load(in *w, i) + R.Load(in *b, i);
    }

    private readonly struct WeightedTimesNormalized<T>(T* g, T* x, T* w, T mean, T inverse) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> =>
            R.Load(in *g, i) * R.Load(in *w, i) * ((R.Load(in *x, i) - R.Broadcast(mean)) * R.Broadcast(inverse));
    }

    private readonly struct Slope<T>(T* g, T* x, T* w, T mean, T inverse, T ofG, T ofGX) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T>
        {
            R r = R.Broadcast(inverse), normalized = (R.Load(in *x, i) - R.Broadcast(mean)) * r;
            return (R.Load(in *g, i) * R.Load(in *w, i) - R.Broadcast(ofG) - normalized * R.Broadcast(ofGX)) * r;
        }
    }

    private readonly struct PlusTimesNormalized<T>(T* sum, T* g, T* x, T mean, T inverse) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> =>
            R.Load(in *sum, i) + R.Load(in *g, i) * ((R.Load(in *x, i) - R.Broadcast(mean)) * R.Broadcast(inverse));
    }
}
