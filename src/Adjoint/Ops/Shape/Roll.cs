using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// A copy moved on by <paramref name="shift"/> places along a dimension; what leaves at the end comes in at the start.
    /// </summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Roll(int shift, int dim) => Linear.Apply(RollOp.Of(this, shift, dim), this);

    /// <summary>A copy with all elements, in row-major order, moved on by <paramref name="shift"/> places.</summary>
    public Tensor Roll(int shift) => Reshape(-1).Roll(shift, 0).Reshape(Shape);
}

/// <summary>y[…, (i + shift) mod n, …] = x[…, i, …] for a shift from 0 to n − 1; its transpose goes on to where it began.</summary>
internal readonly struct RollOp(int shift, int dim) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("shifts", shift);
        to.Add("dim", dim);
    }

    public string NodeName => "RollBackward0";

    internal static RollOp Of(Tensor x, int shift, int dim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : Math.Max(x.Shape[d], 1);
        return new RollOp((int)(((long)shift % size + size) % size), d);
    }

    public Tensor Forward(Tensor x)
    {
        if (x.NDim == 0 || x.NumEl == 0) return Elements.Copy(x);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, [dim]);
        var work = new Work(block, outer, n * inner, shift * inner, Tensor.Uninitialized(x.Shape, x.DType));
        Dispatch.Moving(x.DType, ref work);
        return work.Y;
    }

    public Tensor Apply(Tensor x) => x.Roll(shift, dim);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Roll(-shift, dim);

    private readonly struct Work(Tensor x, int rows, int width, int shift, Tensor y) : IMovingWork
    {
        internal readonly Tensor Y = y;

        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Slices.Roll<T>(memory.Of<T>(x), rows, width, shift, memory.Of<T>(Y));
        }
    }
}

public static partial class OpTable
{
    private static Op Roll => Op.Of(OpKind.Linear, "roll", x => x.Roll(-3, 2), Cube,
        new() { Formula = "y[…, i, …] = x[…, (i − k) mod n, …]", Torch = "x.roll(-3, 2)" });
}
