namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy moved on by <paramref name="shift"/> places along a dimension; what leaves at the end comes in at the start.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Roll(int shift, int dim) => Linear.Apply(RollOp.Of(this, shift, dim), this);

    /// <summary>A copy with all elements, in row-major order, moved on by <paramref name="shift"/> places.</summary>
    public Tensor Roll(int shift) => Reshape(-1).Roll(shift, 0).Reshape(Shape);
}

/// <summary>y[…, (i + shift) mod n, …] = x[…, i, …] for a shift from 0 to n − 1; its transpose goes on to where it began.</summary>
internal readonly struct RollOp(int shift, int dim) : ILinearOp
{
    public static string NodeName => "RollBackward0";

    internal static RollOp Of(Tensor x, int shift, int dim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : Math.Max(x.Shape[d], 1);
        return new RollOp((int)(((long)shift % size + size) % size), d);
    }

    public Tensor Forward(Tensor x)
    {
        if (x.NDim == 0 || x.NumEl == 0) return Elements.Copy(x);
        int size = x.Shape[dim];
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        Move(x, 0, y, shift, size - shift);
        Move(x, size - shift, y, 0, shift);
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
