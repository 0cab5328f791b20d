namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy moved on by <paramref name="shift"/> places along a dimension; what leaves at the end comes in at the start.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Roll(int shift, int dim) => Linear.Apply(new RollOp(shift, Shape.Wrap(dim)), this);

    /// <summary>A copy with all elements, in row-major order, moved on by <paramref name="shift"/> places.</summary>
    public Tensor Roll(int shift) => Reshape(-1).Roll(shift, 0).Reshape(Shape);
}

/// <summary>y[…, (i + shift) mod n, …] = x[…, i, …]; its transpose goes back.</summary>
internal readonly struct RollOp(int shift, int dim) : ILinearOp
{
    public static string NodeName => "RollBackward0";

    public Tensor Forward(Tensor x)
    {
        if (x.NDim == 0 || x.NumEl == 0) return Elements.Copy(x);
        int size = x.Shape[dim], start = (int)(((long)shift % size + size) % size);
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        Move(x, 0, y, start, size - start);
        Move(x, size - start, y, 0, start);
        return y;
    }

    private void Move(Tensor x, int from, Tensor y, int to, int count)
    {
        Tensor part = SliceOp.Narrow(x, dim, from, count).Forward(x);
        Elements.CopyTo(Elements.ToContiguous(part), SliceOp.Narrow(y, dim, to, count).Forward(y));
    }

    public Tensor Apply(Tensor x) => x.Roll(shift, dim);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Roll(-shift, dim);
}
