namespace Adjoint.Nn;

/// <summary>What is left of a mask of ones and zeros when more is pruned.</summary>
internal static class PruningMask
{
    /// <summary>How much: a share of what is left, or a count.</summary>
    internal readonly record struct Amount(double Share, int? Count)
    {
        internal int Of(int left, string what) => Count is not { } count ? (int)Math.Round(Share * left)
            : count <= left ? count
            : throw new ArgumentOutOfRangeException(
                "amount", count, $"Prune: {count} {what} cannot be pruned; {left} are left.");
    }

    /// <summary>Those that are smallest in size.</summary>
    internal static Func<Tensor, Tensor, Tensor> Smallest(Amount amount) =>
        (t, mask) => Without(t, mask, amount, (left, count) => left.Abs().TopK(count, largest: false).Indices);

    /// <summary>Any.</summary>
    internal static Func<Tensor, Tensor, Tensor> Random(Amount amount, Generator? generator) =>
        (t, mask) => Without(t, mask, amount, (left, count) => left.RandLike(generator: generator).TopK(count).Indices);

    /// <summary>Any slices.</summary>
    internal static Func<Tensor, Tensor, Tensor> RandomSlices(Amount amount, int dim, Generator? generator) =>
        (t, mask) => WithoutSlices(t, mask, amount, dim, (left, count) =>
        {
            Tensor drawn = Tensor.Rand([left.Shape[0]], generator: generator);
            return drawn.Gt(drawn.KthValue(count).Values);
        });

    /// <summary>The slices of the smallest norm.</summary>
    internal static Func<Tensor, Tensor, Tensor> SmallestSlices(Amount amount, double n, int dim) =>
        (t, mask) => WithoutSlices(t, mask, amount, dim, (left, count) =>
        {
            Tensor kept = left.Reshape(left.Shape[0], -1).Norm(n, 1).TopK(left.Shape[0] - count).Indices;
            return Tensor.Zeros([left.Shape[0]]).IndexAddInPlace(0, kept, Tensor.Ones([kept.NumEl])).Ne(0);
        });

    private static Tensor Without(Tensor t, Tensor mask, Amount amount, Func<Tensor, int, Tensor> choose)
    {
        Tensor places = mask.Reshape(-1).Eq(1).NonZero().Reshape(-1);
        int count = amount.Of(places.NumEl, "numbers");
        Tensor flat = mask.Reshape(-1).Clone();
        if (count == 0) return flat.Reshape(mask.Shape);
        Tensor chosen = places.IndexSelect(0, choose(t.Reshape(-1).IndexSelect(0, places), count));
        flat.IndexAddInPlace(0, chosen, Tensor.Ones([count], mask.DType), -1);
        return flat.Reshape(mask.Shape);
    }

    private static Tensor WithoutSlices(Tensor t, Tensor mask, Amount amount, int dim, Func<Tensor, int, Tensor> keep)
    {
        if (t.NDim < 2)
            throw new ShapeException($"Prune: slices are pruned of a parameter with at least 2 dimensions, but the shape is {t.Shape}.");
        if (dim < -t.NDim || dim >= t.NDim)
            throw new ArgumentOutOfRangeException(nameof(dim), dim, $"Prune: a parameter of shape {t.Shape} has no dimension {dim}.");
        dim = (dim + t.NDim) % t.NDim;
        // Slices first.
        Tensor slices = t.Transpose(0, dim).Reshape(t.Shape[dim], -1), masks = mask.Transpose(0, dim).Reshape(t.Shape[dim], -1);
        Tensor left = masks.Ne(0).Any(1).NonZero().Reshape(-1);
        int count = amount.Of(left.NumEl, "slices");
        if (count == 0) return mask.Clone();
        Tensor kept = left.MaskedSelect(keep(slices.IndexSelect(0, left), count));
        Tensor factor = Tensor.Zeros([t.Shape[dim]], mask.DType).IndexAddInPlace(0, kept, Tensor.Ones([kept.NumEl], mask.DType));
        int[] shape = [.. Enumerable.Repeat(1, t.NDim)];
        shape[dim] = t.Shape[dim];
        return mask * factor.Reshape(shape);
    }
}
