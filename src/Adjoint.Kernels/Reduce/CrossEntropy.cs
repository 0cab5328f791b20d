namespace Adjoint.Kernels;

/// <summary>The negative logarithm of the softmax probability of each row's class, in one pass over the row.</summary>
internal static unsafe class CrossEntropy
{
    /// <summary>
    /// loss[r] = −w[t]·ln softmax(x[r])[t] with t = target[r], and probabilities[r] = softmax(x[r]) for the backward pass.
    /// A row whose target is <paramref name="ignoreIndex"/> has loss 0.
    /// </summary>
    /// <param name="x">[rows, classes]: scores.</param>
    /// <param name="target">[rows]: classes.</param>
    /// <param name="weight">[classes]: w; empty for 1.</param>
    /// <param name="ignoreIndex">The class of rows that do not count; −100 in PyTorch.</param>
    /// <param name="probabilities">[rows, classes]; may be x.</param>
    /// <param name="loss">[rows].</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is neither a class nor <paramref name="ignoreIndex"/>.</exception>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> target, ReadOnlySpan<T> weight, long ignoreIndex,
        Span<T> probabilities, Span<T> loss, int classes) where T : unmanaged
    {
        int rows = target.Length;
        Check(x.Length, probabilities.Length, loss.Length, weight.Length, rows, classes);
        CheckTargets(target, ignoreIndex, classes);
        fixed (T* px = x, pp = probabilities, pw = weight, pl = loss)
        fixed (long* pt = target)
            Rows.Run<ForwardRow<T>>(new(px, pt, pw, ignoreIndex, pp, pl, classes), rows, classes);
    }

    /// <summary>dx[r] = g[r]·w[t]·(probabilities[r] − 1ₜ); 0 in a row that does not count.</summary>
    /// <param name="g">[rows], or one number for all: the gradient of each row's loss.</param>
    /// <param name="probabilities">[rows, classes]: what the forward pass left.</param>
    /// <param name="target">[rows]: classes.</param>
    /// <param name="weight">[classes]: w; empty for 1.</param>
    /// <param name="ignoreIndex">The class of rows that do not count.</param>
    /// <param name="dx">[rows, classes]; may be the probabilities.</param>
    /// <param name="classes">The number of classes.</param>
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> probabilities, ReadOnlySpan<long> target, ReadOnlySpan<T> weight,
        long ignoreIndex, Span<T> dx, int classes) where T : unmanaged
    {
        int rows = target.Length;
        Check(probabilities.Length, dx.Length, g.Length == 1 ? rows : g.Length, weight.Length, rows, classes);
        CheckTargets(target, ignoreIndex, classes);
        fixed (T* pg = g, pp = probabilities, pw = weight, pdx = dx)
        fixed (long* pt = target)
            Rows.Run<BackwardRow<T>>(new(pg, g.Length == 1 ? 0 : 1, pp, pt, pw, ignoreIndex, pdx, classes), rows, classes);
    }

    private readonly struct ForwardRow<T>(T* x, long* target, T* weight, long ignoreIndex, T* probabilities, T* loss, int classes)
        : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* px = x + (long)row * classes, pp = probabilities + (long)row * classes;
            long t = target[row];
            T max = RowSteps.Max(px, classes);
            double score = t == ignoreIndex ? 0 : Numbers.ToDouble(px[t]) - Numbers.ToDouble(max);
            RowSteps.Map<ShiftedExp, T>(px, px, max, pp, classes);
            T sum = Fold.Range<SumFold, Dense<T>, T>(new(pp), 0, (nuint)classes);
            RowSteps.Map<Divided, T>(pp, pp, sum, pp, classes);
            double w = weight == null || t == ignoreIndex ? 1 : Numbers.ToDouble(weight[t]);
            loss[row] = t == ignoreIndex ? default : Numbers.Convert<T>(w * (Numbers.ToDouble(RowSteps.Log(sum)) - score));
        }
    }

    private readonly struct BackwardRow<T>(T* g, int gStride, T* probabilities, long* target, T* weight, long ignoreIndex, T* dx,
        int classes) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* pdx = dx + (long)row * classes;
            long t = target[row];
            if (t == ignoreIndex)
            {
                new Span<T>(pdx, classes).Clear();
                return;
            }
            double scale = Numbers.ToDouble(g[(long)row * gStride]) * (weight == null ? 1 : Numbers.ToDouble(weight[t]));
            double p = Numbers.ToDouble(probabilities[(long)row * classes + t]);
            RowSteps.Map<Scaled, T>(
                probabilities + (long)row * classes, probabilities + (long)row * classes, Numbers.Convert<T>(scale), pdx, classes);
            pdx[t] = Numbers.Convert<T>((p - 1) * scale);
        }
    }

    private static void Check(int x, int y, int perRow, int weight, int rows, int classes)
    {
        long length = (long)rows * classes;
        if (x != length || y != length || perRow != rows || (weight != 0 && weight != classes))
            throw new ArgumentException(
                $"CrossEntropy of {rows} rows of {classes} classes: the spans have {x}, {y}, {perRow} and {weight} elements; they "
                + $"should have {length}, {length}, {rows} and {classes} (or no weights).");
    }

    private static void CheckTargets(ReadOnlySpan<long> target, long ignoreIndex, int classes)
    {
        for (int r = 0; r < target.Length; r++)
            if ((ulong)target[r] >= (ulong)classes && target[r] != ignoreIndex)
                throw new ArgumentOutOfRangeException(
                    nameof(target),
                    $"Target {target[r]} is out of bounds: row {r} must name one of {classes} classes, 0 to {classes - 1}, or be "
                    + $"{ignoreIndex} to be ignored.");
    }
}
