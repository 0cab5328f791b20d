using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements, as a tensor without dimensions; integers and bools add up as Int64.</summary>
    public Tensor Sum() => Linear.Apply(new SumAllOp(), SumOp.Accumulable(this));

    /// <summary>The sum over one dimension.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public Tensor Sum(int dim, bool keepDim = false) => Sum([dim], keepDim);

    /// <summary>The sum over several dimensions; none means all.</summary>
    public Tensor Sum(ReadOnlySpan<int> dims, bool keepDim = false) => SumOp.Apply(SumOp.Accumulable(this), dims, keepDim);

    /// <summary>
    /// The sum over the dimensions along which <paramref name="shape"/> was broadcast to this tensor's shape: the transpose of
    /// <see cref="Expand(Shape)"/>.
    /// </summary>
    /// <exception cref="ShapeException">The shape does not broadcast to this tensor's.</exception>
    public Tensor SumTo(Shape shape)
    {
        try
        {
            return SumOp.To(this, shape.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(SumTo)))
        {
            throw;
        }
    }
}

/// <summary>y = Σ x; its transpose repeats the gradient.</summary>
internal readonly struct SumAllOp : ILinearInto, IByHand
{
    // 0 is added to it, which makes 0 of −0.
    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => Reduction.GoesInto(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y) => Reduction.SumAllInto(x[0]!, y);

    public string NodeName => "SumBackward0";

    public Tensor Forward(Tensor x) => Reduction.Sum(x, [.. Enumerable.Range(0, x.NDim)], keepDim: false);

    public Tensor Apply(Tensor x) => x.Sum();

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Expand(x.Shape);

    public void Write(Hand hand) => HandSums.Write(hand, HandFold.Sum, hand.Input(0), hand.Input(0).AllDims, hand.Result);
}

/// <summary>y = Σ x over dimensions; its transpose repeats the gradient along them.</summary>
internal readonly struct SumOp(int[] dims, bool keepDim) : ILinearInto, IByHand
{
    // 0 is added to it, which makes 0 of −0.
    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => Reduction.GoesInto(call);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y) => Reduction.SumInto(x[0]!, dims, y);

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dims);
        to.Add("keepdim", keepDim);
    }

    public string NodeName => "SumBackward1";

    public Tensor Forward(Tensor x) => Reduction.Sum(x, dims, keepDim);

    public Tensor Apply(Tensor x) => x.Sum(dims, keepDim);

    public Tensor Transpose(Tensor g, TensorFacts x) => Reduction.Restore(g, x.Shape, dims, keepDim).Expand(x.Shape);

    public void Write(Hand hand) => HandSums.Write(hand, HandFold.Sum, hand.Input(0), dims, hand.Result);

    internal static Tensor Apply(Tensor x, ReadOnlySpan<int> dims, bool keepDim) =>
        Linear.Apply(new SumOp(Reduction.Dims(x, dims), keepDim), x);

    internal static Tensor Accumulable(Tensor x) => x.DType.IsFloatingPoint ? x
        : Reduction.Repeated(x) is { } once ? once.To(DType.Int64).Expand(x.Shape) : x.To(DType.Int64);

    internal static Tensor To(Tensor x, Shape shape)
    {
        if (x.Shape.Equals(shape)) return x;
        int lead = x.NDim - shape.NDim;
        var dims = new List<int>();
        for (int d = 0; d < x.NDim; d++)
        {
            int size = d < lead ? 1 : shape[d - lead];
            if (d < lead || (size == 1 && x.Shape[d] != 1)) dims.Add(d);
            else if (size != x.Shape[d]) throw new ShapeException($"SumTo: the shape {shape} does not broadcast to {x.Shape}.");
        }
        Tensor sum = dims.Count == 0 ? x : Linear.Apply(new SumOp([.. dims], keepDim: true), x);
        return sum.Shape.Equals(shape) ? sum : sum.Reshape(shape);
    }
}

public static partial class OpTable
{
    private static Op Sum => Op.Of(OpKind.Linear, "sum", x => x.Sum(), Cube,
        new() { Formula = "Σ x", Torch = "x.sum()" });

    private static Op SumDim => Op.Of(OpKind.Linear, "sum_dim", x => x.Sum([0, 2]), Cube,
        new() { Formula = "Σ x over dimensions", Torch = "x.sum((0, 2))", Onnx = "ReduceSum" });
}
