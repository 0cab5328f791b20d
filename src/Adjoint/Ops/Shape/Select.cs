namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The slice at <paramref name="index"/> along <paramref name="dim"/>, without that dimension: a view.</summary>
    /// <exception cref="TensorIndexException">There is no such index.</exception>
    public Tensor Select(int dim, int index) => Linear.View(SelectOp.Of(this, dim, index), this);
}

/// <summary>y = x[…, index, …]; its transpose puts the gradient at that place among zeros.</summary>
internal readonly struct SelectOp(int dim, int index) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("index", index);
    }

    public string NodeName => "SelectBackward0";

    internal static SelectOp Of(Tensor x, int dim, int index)
    {
        if (x.NDim == 0)
            throw new TensorIndexException("Select: a tensor without dimensions cannot be indexed; Item() gives its number.");
        int d = x.Shape.Wrap(dim), size = x.Shape[d];
        if (index < -size || index >= size)
            throw new TensorIndexException($"Select: index {index} is out of range for dimension {d} of size {size} (shape {x.Shape}).");
        return new SelectOp(d, index < 0 ? index + size : index);
    }

    public Tensor Forward(Tensor x)
    {
        int[] strides = [.. x.Strides[..dim], .. x.Strides[(dim + 1)..]];
        return x.Alias(
            [.. x.Shape.Sizes[..dim], .. x.Shape.Sizes[(dim + 1)..]], strides, x.NumEl > 0 ? x.Offset + index * x.Strides[dim] : x.Offset);
    }

    public Tensor Apply(Tensor x) => x.Select(dim, index);

    public Tensor Transpose(Tensor g, TensorFacts x) => EmbedOp<SelectOp>.Apply(this, g, x.Shape);
}

public static partial class OpTable
{
    private static Op Select => Op.Of(OpKind.Linear, "select", x => x.Select(1, -1), Cube,
        new() { Formula = "x at one place of a dimension", Torch = "x.select(1, -1)" });
}
