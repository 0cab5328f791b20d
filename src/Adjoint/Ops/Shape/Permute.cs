namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with the dimensions in another order: dimension i of the result is dimension dims[i] of this tensor.</summary>
    /// <exception cref="ShapeException">Not every dimension is named exactly once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> dims) => Linear.View(PermuteOp.Of(this, dims), this);

    /// <summary>
    /// A view in which dimension <paramref name="source"/> stands at place <paramref name="destination"/>; the others keep their order.
    /// </summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor MoveDim(int source, int destination) => PermuteOp.Move(this, source, destination);
}

/// <summary>y = x with its dimensions in another order; its transpose is the inverse order.</summary>
internal readonly struct PermuteOp(int[] dims) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("dim", dims);

    public string NodeName => "PermuteBackward0";

    internal static PermuteOp Of(Tensor x, ReadOnlySpan<int> dims)
    {
        if (dims.Length != x.NDim)
            throw new ShapeException(
                $"Permute: {Shape.Text(dims)} names {dims.Length} dimensions, but the tensor of shape {x.Shape} has {x.NDim}.");
        var order = new int[dims.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = x.Shape.Wrap(dims[i]);
            if (order.AsSpan(0, i).Contains(order[i]))
                throw new ShapeException($"Permute: dimension {order[i]} appears more than once among {Shape.Text(dims)}.");
        }
        return new PermuteOp(order);
    }

    internal static Tensor Reverse(Tensor x)
    {
        var dims = new int[x.NDim];
        for (int d = 0; d < dims.Length; d++) dims[d] = dims.Length - 1 - d;
        return x.Permute(dims);
    }

    internal static Tensor Move(Tensor x, int source, int destination)
    {
        if (x.NDim == 0) return x.Permute();
        int from = x.Shape.Wrap(source);
        List<int> order = [.. Enumerable.Range(0, x.NDim)];
        order.RemoveAt(from);
        order.Insert(x.Shape.Wrap(destination), from);
        return x.Permute([.. order]);
    }

    public Tensor Forward(Tensor x) => Layout.Permuted(x, dims);

    public Tensor Apply(Tensor x) => x.Permute(dims);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Permute(Layout.Inverse(dims));
}

public static partial class OpTable
{
    private static Op Permute => Op.Of(OpKind.Linear, "permute", x => x.Permute(1, 2, 0), Cube,
        new() { Formula = "x with its dimensions in another order", Torch = "x.permute(1, 2, 0)", Onnx = "Transpose" });

    private static Op MoveDim => Op.Of(OpKind.Composite, "movedim", x => x.MoveDim(0, -1), Cube,
        new() { Formula = "x with a dimension at another place", Torch = "x.movedim(0, -1)" });
}
