namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>z = op(x, y) for x and y of equal length, or one of them of length 1.</summary>
    public static void Binary<TOp, T>(TOp op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where TOp : struct, IBinaryOp
        where T : unmanaged =>
        Dense<ValueOf, TOp, T>(op, default, x, y, default, z);

    /// <summary>
    /// dx = g·∂z/∂x and dy = g·∂z/∂y. An empty target is not computed; x, y and z may be empty where no computed slope reads
    /// them; x and y may have length 1. At most one of the targets may be one of the inputs.
    /// </summary>
    public static void BinaryBackward<TOp, T>(
        TOp op, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> dx, Span<T> dy)
        where TOp : struct, IBinaryOp where T : unmanaged
    {
        // What a slope does not read is stood in for by g, which is there and as long as the targets.
        if (x.IsEmpty) x = g;
        if (y.IsEmpty) y = g;
        if (z.IsEmpty) z = g;
        bool yFirst = dx.Overlaps(g) || dx.Overlaps(x) || dx.Overlaps(y) || dx.Overlaps(z);
        if (yFirst && !dy.IsEmpty) Dense<SlopeYOf, TOp, T>(op, g, x, y, z, dy);
        if (!dx.IsEmpty) Dense<SlopeXOf, TOp, T>(op, g, x, y, z, dx);
        if (!yFirst && !dy.IsEmpty) Dense<SlopeYOf, TOp, T>(op, g, x, y, z, dy);
    }

    /// <summary>Σ op(x, y), in the order of <see cref="Reduce.Sum"/>.</summary>
    public static T Sum<TOp, T>(TOp op, ReadOnlySpan<T> x, ReadOnlySpan<T> y) where TOp : struct, IBinaryOp where T : unmanaged
    {
        CheckLength(y.Length, x.Length);
        fixed (T* px = x, py = y)
            return Fold.Run<SumFold, BinaryElements<ValueOf, TOp, T, Dense<T>, Dense<T>>, T>(
                new(op, null, new(px), new(py), null), x.Length);
    }

    private static void Dense<TForm, TOp, T>(
        TOp op, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> target)
        where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    {
        if (TForm.IsSlope) CheckLength(g.Length, target.Length);
        if (TForm.IsSlope) CheckLength(z.Length, target.Length);
        if (x.Length != 1) CheckLength(x.Length, target.Length);
        if (y.Length != 1) CheckLength(y.Length, target.Length);
        fixed (T* pg = g, px = x, py = y, pz = z, pt = target)
        {
            if (x.Length == y.Length)
                Sweep.Run(new BinaryElements<TForm, TOp, T, Dense<T>, Dense<T>>(op, pg, new(px), new(py), pz), pt, target.Length);
            else if (y.Length == 1)
                Sweep.Run(new BinaryElements<TForm, TOp, T, Dense<T>, Repeated<T>>(op, pg, new(px), new(py), pz), pt, target.Length);
            else Sweep.Run(new BinaryElements<TForm, TOp, T, Repeated<T>, Dense<T>>(op, pg, new(px), new(py), pz), pt, target.Length);
        }
    }
}
