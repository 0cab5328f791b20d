using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Tensors of one shape as slices along a new dimension, in their common dtype.</summary>
    /// <param name="tensors">At least one.</param>
    /// <param name="dim">Where the new dimension stands.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int dim = 0) => StackOp.Stack(tensors.AllGiven(), dim);
}

/// <summary>y[…, i, …] = xᵢ.</summary>
internal readonly struct StackOp(int dim, DType dtype) : ITensorOperation, IByHand
{
    public string Name => "stack";

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("dtype", dtype);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> tensors)
    {
        Shape shape = tensors[0]!.Shape;
        Tensor y = Tensor.Uninitialized(here, [.. shape.Sizes[..dim], tensors.Length, .. shape.Sizes[dim..]], dtype);
        for (int i = 0; i < tensors.Length; i++)
            Elements.CopyTo(Elements.ToContiguous(Binary.Operand(tensors[i]!, dtype)), SelectOp.Of(y, dim, i).Forward(y));
        if (History.IsWanted(tensors))
        {
            var types = new DType[tensors.Length];
            for (int i = 0; i < types.Length; i++) types[i] = tensors[i]!.DType;
            History.Record([y], new RuleNode<StackRule>(here, new StackRule(shape, types, dim, dtype), tensors), tensors);
        }
        return y;
    }

    public void Write(Hand hand)
    {
        for (int i = 0; i < hand.Inputs; i++) hand.Copy(hand.Input(i), hand.Result.Select(dim, i));
    }

    internal static Tensor Stack(IReadOnlyList<Tensor> list, int dim)
    {
        Tensor[] tensors = [.. list];
        if (tensors.Length == 0) throw new ArgumentException("Stack: needs at least one tensor.", nameof(tensors));
        Shape shape = tensors[0].Shape;
        for (int i = 1; i < tensors.Length; i++)
        {
            if (!tensors[i].Shape.Equals(shape))
                throw new ShapeException(
                    $"Stack: all tensors must have one shape, but tensor 0 has {shape} and tensor {i} has {tensors[i].Shape}.");
        }
        if (dim < -shape.NDim - 1 || dim > shape.NDim)
            throw new ShapeException(
                $"Stack: got dimension {dim}, expected one in [{-shape.NDim - 1}, {shape.NDim}] for tensors of shape {shape}.");
        return Door.Run(new StackOp(dim < 0 ? dim + shape.NDim + 1 : dim, Promotion.Of(tensors)), tensors);
    }
}

/// <summary>Each tensor gets its slice of the gradient, in its own dtype.</summary>
internal readonly struct StackRule(Shape shape, DType[] types, int dim, DType dtype) : IRule
{
    public string NodeName => "StackBackward0";

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        for (int i = 0; i < dx.Length; i++)
            if (wanted[i]) dx[i] = g[0]!.Select(dim, i).To(types[i]);
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        var all = new Tensor[types.Length];
        for (int i = 0; i < all.Length; i++) all[i] = t[i]?.To(dtype) ?? Tensor.Zeros(shape, dtype);
        dy[0] = Tensor.Stack(all, dim);
    }

    public void Show(SavedValues to) => to.Attributes.Add("dim", dim);
}

public static partial class OpTable
{
    private static Op Stack => Op.Of(OpKind.Linear, "stack", (x, y) => Tensor.Stack([x, y], -1), Matrix, Matrix,
        new() { Formula = "x and y, side by side in a new dimension", Torch = "torch.stack([x, y], -1)" });
}
