namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Tensors of one shape as slices along a new dimension, in their common dtype.</summary>
    /// <param name="tensors">At least one.</param>
    /// <param name="dim">Where the new dimension stands.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int dim = 0) => StackNode.Stack(tensors.AllGiven(), dim);
}

/// <summary>y[…, i, …] = xᵢ; each gets its slice of the gradient, in its own dtype.</summary>
internal sealed class StackNode(Tensor[] tensors, int dim, DType dtype) : VariadicNode(tensors)
{
    private readonly Shape _shape = tensors[0].Shape;
    private readonly DType[] _types = Array.ConvertAll(tensors, x => x.DType);

    public override string Name => "StackBackward0";

    internal static Tensor Stack(IReadOnlyList<Tensor> list, int dim)
    {
        Tensor[] tensors = [.. list];
        if (tensors.Length == 0) throw new ArgumentException("Stack: needs at least one tensor.", nameof(tensors));
        Shape shape = tensors[0].Shape;
        for (int i = 1; i < tensors.Length; i++)
        {
            if (!tensors[i].Shape.Equals(shape))
                throw new ShapeException($"Stack: all tensors must have one shape, but tensor 0 has {shape} and tensor {i} has {tensors[i].Shape}.");
        }
        if (dim < -shape.NDim - 1 || dim > shape.NDim)
            throw new ShapeException($"Stack: got dimension {dim}, expected one in [{-shape.NDim - 1}, {shape.NDim}] for tensors of shape {shape}.");
        int d = dim < 0 ? dim + shape.NDim + 1 : dim;
        DType dtype = Promotion.Of(tensors);
        Tensor y = Tensor.Uninitialized([.. shape.Sizes[..d], tensors.Length, .. shape.Sizes[d..]], dtype);
        for (int i = 0; i < tensors.Length; i++)
            Elements.CopyTo(Elements.ToContiguous(Binary.Operand(tensors[i], dtype)), SelectOp.Of(y, d, i).Forward(y));
        if (History.IsWanted(tensors)) History.Record([y], new StackNode(tensors, d, dtype), tensors);
        return y;
    }

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        var results = new Tensor?[_types.Length];
        if (gradients[0] is not { } g) return results;
        for (int i = 0; i < results.Length; i++)
            if (Needs(i)) results[i] = g.Select(dim, i).To(_types[i]);
        return results;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        var all = new Tensor[_types.Length];
        for (int i = 0; i < all.Length; i++) all[i] = tangents[i]?.To(dtype) ?? Tensor.Zeros(_shape, dtype);
        return [Tensor.Stack(all, dim)];
    }
}
