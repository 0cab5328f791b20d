namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements that indices and masks choose; null stands for a whole dimension. What <c>x[i, j]</c> does with tensors.
    /// </summary>
    /// <param name="indices">For each dimension an Int64 index, a Bool mask (which stands for as many dimensions as it has) or null; the
    /// indices broadcast.</param>
    /// <exception cref="TensorIndexException">An index is out of range, there are too many, or a mask has another shape than what it
    /// masks.</exception>
    public Tensor Index(params IReadOnlyList<Tensor?> indices) =>
        IndexOp.Apply("IndexBackward0", IndexPlan.Of(Shape, indices.Given()), this);

    /// <summary>The slices at the places <paramref name="index"/> along a dimension, as a copy.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, one dimension; one place may occur several times.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    public Tensor IndexSelect(int dim, Tensor index) =>
        IndexOp.Apply("IndexSelectBackward0", IndexPlan.Along("IndexSelect", this, dim, index.Given()), this);

    /// <summary>The elements at places of the flattened tensor, in the shape of <paramref name="index"/>.</summary>
    /// <param name="index">Int64 places; negative ones count from the end.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    public Tensor Take(Tensor index) => IndexOp.Apply("TakeBackward0", IndexPlan.Flat("Take", this, index.Given()), this);

    /// <summary>The elements where the mask holds, in one dimension.</summary>
    /// <param name="mask">A Bool tensor; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The mask is not Bool.</exception>
    public Tensor MaskedSelect(Tensor mask) => MaskedSelection.Apply(this, mask.Given());

    /// <summary>Every slice along a dimension <paramref name="repeats"/> times in a row.</summary>
    /// <param name="repeats">How often; not negative.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ShapeException">There is no such dimension, or the result would be too large.</exception>
    public Tensor RepeatInterleave(int repeats, int dim) => IndexTensors.RepeatInterleave(this, repeats, dim);

    /// <summary>The places of the elements that are not zero, an Int64 tensor [count, dimensions].</summary>
    public Tensor NonZero() => IndexTensors.NonZero(this);
}

/// <summary>The elements where a mask holds, one after the other.</summary>
internal static class MaskedSelection
{
    internal static Tensor Apply(Tensor x, Tensor mask)
    {
        if (!mask.DType.IsBool)
            throw new DTypeException($"MaskedSelect: the mask must be Bool, but is {mask.DType}. Convert it with To(DType.Bool).");
        Shape shape = Binary.BroadcastShape("masked_select", x, mask);
        Tensor expanded = x.Shape.Equals(shape) ? x : x.Expand(shape);
        return IndexOp.Apply("MaskedSelectBackward0", IndexPlan.Mask(expanded, mask.Expand(shape)), expanded);
    }
}

public static partial class OpTable
{
    private static Op Index => Op.Of(OpKind.Linear, "index", x => x.Index(Places(1, 0, 1), null, Places(3)), Cube,
        new() { Formula = "x at places of several dimensions", Torch = "x[places(1, 0, 1), :, places(3)]" });

    private static Op IndexMask =>
        Op.Of(OpKind.Linear, "index_mask", x => x[TensorIndex.Ellipsis, Tensor.From([true, false, true, true])], Cube,
            new() { Formula = "x where the mask holds", Torch = "x[..., torch.tensor([True, False, True, True])]" });

    private static Op IndexSelect => Op.Of(OpKind.Linear, "index_select", x => x.IndexSelect(1, Places(2, 0, 2)), Cube,
        new() { Formula = "x at places of one dimension", Torch = "x.index_select(1, places(2, 0, 2))" });

    private static Op Take => Op.Of(OpKind.Linear, "take", x => x.Take(Places(5, -1, 5)), Matrix,
        new() { Formula = "x at places of all its elements in a row", Torch = "x.take(places(5, -1, 5))" });

    private static Op MaskedSelect => Op.Of(OpKind.Linear, "masked_select", x => x.MaskedSelect(Chosen(x)), Matrix,
        new() { Formula = "the elements of x where the mask holds", Torch = "x.masked_select(chosen(x))" });

    private static Op NonZero => Op.Of(OpKind.Zero, "nonzero", x => x.NonZero(), Matrix,
        new() { Formula = "the places where x ≠ 0", Torch = "x.nonzero()", Onnx = "NonZero" });

    private static Op RepeatInterleave => Op.Of(OpKind.Composite, "repeat_interleave", x => x.RepeatInterleave(2, 1), Matrix,
        new() { Formula = "every place of a dimension of x several times", Torch = "x.repeat_interleave(2, 1)" });
}
