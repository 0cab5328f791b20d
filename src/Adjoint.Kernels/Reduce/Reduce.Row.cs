using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class Reduce
{
    /// <summary>y[o, i] = ln Σₖ e^x[o, k, i], without overflow; −∞ for n = 0.</summary>
    public static void LogSumExp<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, outer, n, inner);
        if (y.IsEmpty) return;
        if (inner > 1 && !Lines.FillRegisters<T>(inner))
        {
            using var rows = new RowsLast<T>(outer, n, inner);
            rows.From(x);
            LogSumExp(rows.Rows, outer * inner, n, 1, y);
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner == 1) Rows.Run<LogSumExpRow<T>>(new(px, py, n), outer, n);
            else LineTiles.Run<LogSumExpTile<T>, T>(new(px, py), outer, n, inner);
        }
    }

    /// <summary>
    /// mean[o, i] = Σₖ x[o, k, i]/n and variance[o, i] = Σₖ (x[o, k, i] − mean)²/(n − correction), or its root; NaN or ∞ where n ≤
    /// correction. See Note [Two passes].
    /// </summary>
    public static void Variance<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> mean, Span<T> variance, double correction = 1,
        bool root = false) where T : unmanaged
    {
        Check(x.Length, mean.Length, outer, n, inner);
        Check(x.Length, variance.Length, outer, n, inner);
        if (mean.IsEmpty) return;
        if (inner > 1)
        {
            using var rows = new RowsLast<T>(outer, n, inner);
            rows.From(x);
            Variance(rows.Rows, outer * inner, n, 1, mean, variance, correction, root);
            return;
        }
        fixed (T* px = x, pm = mean, pv = variance) Rows.Run<VarianceRow<T>>(new(px, pm, pv, n, correction, root), outer * inner, n);
    }

    /// <summary>y[o, i] = Σₖ x[o, k, i]²; 0 for n = 0.</summary>
    public static void Squares<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged
    {
        Check(x.Length, y.Length, outer, n, inner);
        if (inner > 1 && n > 0 && !Lines.FillRegisters<T>(inner))
        {
            using var rows = new RowsLast<T>(outer, n, inner);
            rows.From(x);
            Squares(rows.Rows, outer * inner, n, 1, y);
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner > 1 && n > 0) LineTiles.Run<SquaresTile<T>, T>(new(px, py), outer, n, inner);
            else if (outer == 1 && inner == 1) *py = Fold.Run<SumFold, RowElements<Product, T>, T>(new(px, px, default), n);
            else Rows.Run<SquaresRow<T>>(new(px, py, n), outer * inner, n);
        }
    }

    private readonly struct SquaresRow<T>(T* x, T* y, int n) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row) => y[row] = RowSteps.Sum<Product, T>(x + (long)row * n, x + (long)row * n, default, n);
    }

    private readonly struct SquaresTile<T>(T* x, T* y) : ILineTile where T : unmanaged
    {
        public void Run(long start, Lines lines, long result) =>
            RowSteps.Sum<Product, T>(x + start, x + start, x + start, y + result, lines);
    }

    private readonly struct LogSumExpTile<T>(T* x, T* y) : ILineTile where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(long start, Lines lines, long result)
        {
            T* shift = stackalloc T[Lines.Most<T>()], log = y + result;
            RowSteps.Max(x + start, shift, lines);
            RowSteps.Map<FiniteOrZero, T>(shift, shift, default, shift, lines.Count);
            RowSteps.Sum<ShiftedExp, T>(x + start, x + start, shift, log, lines);
            RowSteps.Map<Logarithm, T>(log, log, default, log, lines.Count);
            RowSteps.Map<Together, T>(shift, log, default, log, lines.Count);
        }
    }

    private readonly struct LogSumExpRow<T>(T* x, T* y, int n) : IRowOfMatrix where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            T* start = x + (long)row * n;
            double max = Numbers.ToDouble(RowSteps.Max(start, n));
            // An infinite maximum would be subtracted from itself.
            T shift = Numbers.Convert<T>(double.IsInfinity(max) ? 0 : max);
            double log = Numbers.ToDouble(RowSteps.Log(RowSteps.Sum<ShiftedExp, T>(start, start, shift, n)));
            y[row] = Numbers.Convert<T>(Numbers.ToDouble(shift) + log);
        }
    }

    private readonly struct VarianceRow<T>(T* x, T* mean, T* variance, int n, double correction, bool root) : IRowOfMatrix
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            (double average, double squares) = Deviations.Of(x + (long)row * n, n);
            double square = squares / Math.Max(0, n - correction);
            mean[row] = Numbers.Convert<T>(average);
            variance[row] = Numbers.Convert<T>(root ? Math.Sqrt(square) : square);
        }
    }
}
