namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Each element and the one so many places before it along a dimension, which goes round, added up.</summary>
    /// <param name="shift">How many places.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor RingSum(int shift, int dim) => Linear.Apply(new RingSumOp(shift, Shape.Wrap(dim)), this);
}

/// <summary>y[…, i, …] = x[…, i, …] + x[…, i − shift, …]; its transpose looks the other way.</summary>
internal readonly struct RingSumOp(int shift, int dim) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("shift", shift);
        to.Add("dim", dim);
    }

    public string NodeName => "RingSumBackward0";

    public Tensor Forward(Tensor x)
    {
        Tensor y = Elements.Copy(x);
        Elements.AddTo(RollOp.Of(x, shift, dim).Forward(x), y);
        return y;
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new RingSumOp(-shift, dim), g);
}

public static partial class OpTable
{
    private static Op RingSum => Op.Of(OpKind.Linear, "ring_sum", x => x.RingSum(1, 2), Cube,
        new() { Formula = "y[…, i, …] = x[…, i, …] + x[…, i − k, …]", Torch = "x + x.roll(1, 2)" });
}
