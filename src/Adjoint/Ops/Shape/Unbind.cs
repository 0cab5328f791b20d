namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The slices along a dimension, each without it: views.</summary>
    /// <exception cref="ShapeException">The tensor has no dimensions.</exception>
    public Tensor[] Unbind(int dim = 0) => UnbindNode.Unbind(this, dim);
}

/// <summary>yᵢ = x[…, i, …] for every i; the gradients are stacked, a missing one counts as zeros.</summary>
internal sealed class UnbindNode(Tensor x, int dim) : VariadicNode(x)
{
    private readonly Shape _shape = x.Shape;

    public override string Name => "UnbindBackward0";

    internal override int OutputCount => _shape[dim];

    internal static Tensor[] Unbind(Tensor x, int dim)
    {
        if (x.NDim == 0) throw new ShapeException("Unbind: a tensor without dimensions has no slices.");
        int d = x.Shape.Wrap(dim);
        var slices = new Tensor[x.Shape[d]];
        for (int i = 0; i < slices.Length; i++) slices[i] = SelectOp.Of(x, d, i).Forward(x).AsViewOf(x, ViewOrigin.MultiOutput);
        if (History.IsWanted(x) && slices.Length > 0) History.Record(slices, new UnbindNode(x, d), [x]);
        return slices;
    }

    internal override Tensor?[] Apply(Tensor?[] gradients) => [MissingGradients.Fill(gradients, _ => Part()) is { } all ? Tensor.Stack(all, dim) : null];

    internal override Tensor?[] Jvp(Tensor?[] tangents) => tangents[0] is { } t ? t.Unbind(dim) : new Tensor?[OutputCount];

    private Shape Part() => [.. _shape.Sizes[..dim], .. _shape.Sizes[(dim + 1)..]];
}

/// <summary>Gradients of operations with several outputs, of which some were not used.</summary>
internal static class MissingGradients
{
    /// <summary>The gradients with zeros for missing ones, or null when all are missing.</summary>
    internal static Tensor[]? Fill(ReadOnlySpan<Tensor?> gradients, Func<int, Shape> shapeOf)
    {
        Tensor? any = null;
        foreach (Tensor? g in gradients) any ??= g;
        if (any is null) return null;
        var all = new Tensor[gradients.Length];
        for (int i = 0; i < all.Length; i++) all[i] = gradients[i] ?? Tensor.Zeros(shapeOf(i), any.DType);
        return all;
    }
}
