namespace Adjoint;

/// <summary>The rule of every update: x gets what of g is kept for it, the source what of g is read for it.</summary>
internal readonly struct UpdateRule<TOp>(TOp op, TensorFacts x, TensorFacts source) : IRule where TOp : struct, IUpdateOp
{
    public string NodeName => op.NodeName;

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = op.Keep(g[0]!);
        if (wanted[1]) dx[1] = Fit(op.Read(g[0]!));
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        dy[0] = Update.Apply(op, t[0] ?? Tensor.Zeros(x.Shape, x.DType), t[1] ?? Tensor.Zeros(source.Shape, source.DType));

    public void Show(SavedValues to) => op.Describe(to.Attributes);

    // A source may have been larger than what was read of it, or broadcast to it.
    private Tensor Fit(Tensor g)
    {
        // An index without places may have any number of dimensions.
        if (g.NumEl == 0) return Tensor.Zeros(source.Shape, source.DType);
        if (g.NDim == source.Shape.NDim && !g.Shape.Equals(source.Shape))
        {
            for (int d = 0; d < g.NDim; d++)
            {
                int missing = source.Shape[d] - g.Shape[d];
                if (missing <= 0) continue;
                int[] sizes = g.Shape.Sizes.ToArray();
                sizes[d] = missing;
                g = Tensor.Cat([g, Tensor.Zeros(Shape.Of(sizes), g.DType)], d);
            }
        }
        return g.SumTo(source.Shape).To(source.DType);
    }
}
