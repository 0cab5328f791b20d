using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// y = x̂·w + b with x̂ = (x − m)·r, where m is the mean of a channel and r = 1/√(variance + ε), for contiguous arrays [n, c, l] with c
/// channels. Rounded operation by operation, in this order; sums over a channel are in double, see Note [Two passes].
/// </summary>
internal static unsafe class BatchNorm
{
    // So many neighbouring channels of one element a row are added up side by side, and so many rows while their sums are in a register.
    private const int Tile = 512, Group = 8;

    /// <summary>r = 1/√(variance + ε) of each channel.</summary>
    public static void Inverses<T>(ReadOnlySpan<T> variance, T eps, Span<T> inverse) where T : unmanaged, IRootFunctions<T>
    {
        for (int i = 0; i < inverse.Length; i++) inverse[i] = T.One / T.Sqrt(variance[i] + eps);
    }

    /// <summary>The mean and the (biased) variance of each channel.</summary>
    public static void Moments<T>(ReadOnlySpan<T> x, int n, int c, int l, Span<T> mean, Span<T> variance) where T : unmanaged
    {
        Check(x.Length, x.Length, n, c, l, mean.Length, variance.Length);
        fixed (T* px = x, pm = mean, pv = variance)
        {
            if (l == 1) Rows.Run<MomentsOfColumns<T>>(new(px, n, c, pm, pv), (c + Tile - 1) / Tile, n * Math.Min(c, Tile));
            else Rows.Run<MomentsOfRows<T>>(new(px, n, c, l, pm, pv), c, n * l);
        }
    }

    /// <summary>y, given m and r of each channel.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, int n, int c, int l, ReadOnlySpan<T> w, ReadOnlySpan<T> b, ReadOnlySpan<T> mean,
        ReadOnlySpan<T> inverse, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, n, c, l, w.Length, b.Length);
        Check(x.Length, y.Length, n, c, l, mean.Length, inverse.Length);
        fixed (T* px = x, pw = w, pb = b, pm = mean, pi = inverse, py = y)
            Rows.Run<ForwardRow<T>>(new(px, c, l, pw, pb, pm, pi, py), n, c * l);
    }

    /// <summary>dw = Σ g·x̂ and db = Σ g over each channel, and dx = w·r·(g − db/(n·l) − x̂·dw/(n·l)) if it is wanted.</summary>
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, int n, int c, int l, ReadOnlySpan<T> w, ReadOnlySpan<T> mean,
        ReadOnlySpan<T> inverse,
        Span<T> dx, Span<T> dw, Span<T> db) where T : unmanaged
    {
        Check(g.Length, x.Length, n, c, l, mean.Length, inverse.Length);
        Check(g.Length, dx.IsEmpty ? x.Length : dx.Length, n, c, l, dw.Length, db.Length);
        fixed (T* pg = g, px = x, pw = w, pm = mean, pi = inverse, pd = dx, pdw = dw, pdb = db)
        {
            if (l == 1) Rows.Run<SumsOfColumns<T>>(new(pg, px, n, c, pm, pi, pdw, pdb), (c + Tile - 1) / Tile, n * Math.Min(c, Tile));
            else Rows.Run<SumsOfRows<T>>(new(pg, px, n, c, l, pm, pi, pdw, pdb), c, n * l);
            if (!dx.IsEmpty) Rows.Run<SlopeRow<T>>(new(pg, px, c, l, pw, pm, pi, pdw, pdb, 1.0 / ((double)n * l), pd), n, c * l);
        }
    }

    private static void Check(int x, int y, int n, int c, int l, int one, int other)
    {
        if (x != y || x != (long)n * c * l || one != c || other != c)
            throw new ArgumentException(
                $"Channels of [{n}, {c}, {l}]: the arrays have {x} and {y} elements, and what belongs to channels {one} and {other}.");
    }

    private readonly struct MomentsOfColumns<T>(T* x, int n, int c, T* mean, T* variance) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int tile)
        {
            int left = tile * Tile, width = Math.Min(Tile, c - left);
            double* m = stackalloc double[3 * Tile], sums = m + Tile, squares = sums + Tile;
            new Span<double>(m, 3 * Tile).Clear();
            for (long row = 0; row < n; row += Group)
            {
                T* from = x + row * c + left, end = from + Math.Min(Group, n - row) * c;
                int i = 0;
                for (; i + 4 <= width; i += 4)
                {
                    Vector256<double> sum = Vector256.Load(m + i);
                    for (T* at = from; at < end; at += c) sum += Doubles.Load(at + i);
                    sum.Store(m + i);
                }
                for (; i < width; i++)
                    for (T* at = from; at < end; at += c) m[i] += Numbers.ToDouble(at[i]);
            }
            for (int i = 0; i < width; i++) m[i] /= n;
            for (long row = 0; row < n; row += Group)
            {
                T* from = x + row * c + left, end = from + Math.Min(Group, n - row) * c;
                int i = 0;
                for (; i + 4 <= width; i += 4)
                {
                    Vector256<double> shift = Vector256.Load(m + i);
                    Vector256<double> sum = Vector256.Load(sums + i), square = Vector256.Load(squares + i);
                    for (T* at = from; at < end; at += c)
                    {
                        Vector256<double> d = Doubles.Load(at + i) - shift;
                        sum += d;
                        square += d * d;
                    }
                    sum.Store(sums + i);
                    square.Store(squares + i);
                }
                for (; i < width; i++)
                    for (T* at = from; at < end; at += c)
                    {
                        double d = Numbers.ToDouble(at[i]) - m[i];
                        sums[i] += d;
                        squares[i] += d * d;
                    }
            }
            for (int i = 0; i < width; i++) Put(mean, variance, left + i, Deviations.Corrected(m[i], sums[i], squares[i], n), n);
        }
    }

    private readonly struct MomentsOfRows<T>(T* x, int n, int c, int l, T* mean, T* variance) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int channel)
        {
            long count = (long)n * l;
            double m = 0, sum = 0, squares = 0;
            for (long row = 0; row < n; row++) m += Deviations.Sum(x + (row * c + channel) * l, l);
            m /= count;
            for (long row = 0; row < n; row++)
            {
                (double s, double q) = Deviations.Around(x + (row * c + channel) * l, l, m);
                sum += s;
                squares += q;
            }
            Put(mean, variance, channel, Deviations.Corrected(m, sum, squares, count), count);
        }
    }

    private static void Put<T>(T* mean, T* variance, int channel, (double Mean, double Squares) moments, double count)
        where T : unmanaged =>
        (mean[channel], variance[channel]) = (Numbers.Convert<T>(moments.Mean), Numbers.Convert<T>(moments.Squares / count));

    private readonly struct ForwardRow<T>(T* x, int c, int l, T* w, T* b, T* mean, T* inverse, T* y) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* from = x + (long)row * c * l, to = y + (long)row * c * l;
            if (l == 1)
            {
                Sweep.Range(new Normalized<T, Dense<T>>(from, new(w), new(b), new(mean), new(inverse)), to, 0, (nuint)c, false);
                return;
            }
            for (int i = 0; i < c; i++, from += l, to += l)
                Sweep.Range(new Normalized<T, Repeated<T>>(from, new(w + i), new(b + i), new(mean + i), new(inverse + i)), to, 0, (nuint)l,
                    false);
        }
    }

    private readonly struct SumsOfColumns<T>(T* g, T* x, int n, int c, T* mean, T* inverse, T* dw, T* db) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int tile)
        {
            int left = tile * Tile, width = Math.Min(Tile, c - left);
            double* m = stackalloc double[3 * Tile], sums = m + Tile, products = sums + Tile;
            new Span<double>(sums, 2 * Tile).Clear();
            for (int i = 0; i < width; i++) m[i] = Numbers.ToDouble(mean[left + i]);
            for (long row = 0; row < n; row += Group)
            {
                T* gs = g + row * c + left, xs = x + row * c + left, end = gs + Math.Min(Group, n - row) * c;
                int i = 0;
                for (; i + 4 <= width; i += 4)
                {
                    Vector256<double> shift = Vector256.Load(m + i);
                    Vector256<double> sum = Vector256.Load(sums + i), product = Vector256.Load(products + i);
                    for (T* at = gs, value = xs; at < end; at += c, value += c)
                    {
                        Vector256<double> slope = Doubles.Load(at + i);
                        sum += slope;
                        product += slope * (Doubles.Load(value + i) - shift);
                    }
                    sum.Store(sums + i);
                    product.Store(products + i);
                }
                for (; i < width; i++)
                    for (T* at = gs, value = xs; at < end; at += c, value += c)
                    {
                        double slope = Numbers.ToDouble(at[i]);
                        sums[i] += slope;
                        products[i] += slope * (Numbers.ToDouble(value[i]) - m[i]);
                    }
            }
            for (int i = 0; i < width; i++)
                (db[left + i], dw[left + i]) =
                (Numbers.Convert<T>(sums[i]), Numbers.Convert<T>(products[i] * Numbers.ToDouble(inverse[left + i])));
        }
    }

    private readonly struct SumsOfRows<T>(T* g, T* x, int n, int c, int l, T* mean, T* inverse, T* dw, T* db) : IRowOfMatrix
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int channel)
        {
            double m = Numbers.ToDouble(mean[channel]), sum = 0, products = 0;
            for (long row = 0; row < n; row++)
            {
                T* gs = g + (row * c + channel) * l, xs = x + (row * c + channel) * l;
                Vector256<double> s = default, p = default, shift = Vector256.Create(m);
                int i = 0;
                for (; i <= l - 4; i += 4)
                {
                    Vector256<double> slope = Doubles.Load(gs + i);
                    s += slope;
                    p += slope * (Doubles.Load(xs + i) - shift);
                }
                sum += Vector256.Sum(s);
                products += Vector256.Sum(p);
                for (; i < l; i++)
                {
                    double slope = Numbers.ToDouble(gs[i]);
                    sum += slope;
                    products += slope * (Numbers.ToDouble(xs[i]) - m);
                }
            }
            (db[channel], dw[channel]) = (Numbers.Convert<T>(sum), Numbers.Convert<T>(products * Numbers.ToDouble(inverse[channel])));
        }
    }

    private readonly struct SlopeRow<T>(T* g, T* x, int c, int l, T* w, T* mean, T* inverse, T* dw, T* db, double share, T* dx)
        : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* gs = g + (long)row * c * l, xs = x + (long)row * c * l, to = dx + (long)row * c * l;
            if (l == 1)
            {
                Sweep.Range(new Slope<T, Dense<T>>(gs, xs, new(w), new(mean), new(inverse), new(dw), new(db), share), to, 0, (nuint)c,
                    false);
                return;
            }
            for (int i = 0; i < c; i++, gs += l, xs += l, to += l)
                Sweep.Range(new Slope<T, Repeated<T>>(gs, xs, new(w + i), new(mean + i), new(inverse + i), new(dw + i), new(db + i), share),
                    to, 0, (nuint)l, false);
        }
    }

    private readonly struct Normalized<T, P>(T* x, P w, P b, P mean, P inverse) : IElements<T> where T : unmanaged
        where P : struct, IElements<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i)
            where R : struct, IRegister<R, T> =>
            (R.Load(in *x, i) - mean.At<R>(i)) * inverse.At<R>(i) * w.At<R>(i) + b.At<R>(i);
    }

    private readonly struct Slope<T, P>(T* g, T* x, P w, P mean, P inverse, P dw, P db, double share) : IElements<T> where T : unmanaged
        where P : struct, IElements<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T>
        {
            R r = inverse.At<R>(i), normalized = (R.Load(in *x, i) - mean.At<R>(i)) * r;
            return (R.Load(in *g, i) - db.At<R>(i) * share - normalized * (dw.At<R>(i) * share)) * (w.At<R>(i) * r);
        }
    }
}
