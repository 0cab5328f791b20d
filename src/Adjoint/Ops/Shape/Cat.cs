namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The tensors one after the other along a dimension, in their common dtype.</summary>
    /// <param name="tensors">At least one; empty ones of shape [0] are passed over.</param>
    /// <param name="dim">The dimension, which all have.</param>
    /// <exception cref="ShapeException">Another size than that of the dimension differs.</exception>
    public static Tensor Cat(IReadOnlyList<Tensor> tensors, int dim = 0) => CatNode.Cat(tensors.AllGiven(), dim);
}

/// <summary>y = the tensors joined along a dimension; each gets its part of the gradient, in its own dtype.</summary>
internal sealed class CatNode(Tensor[] tensors, int dim, DType dtype) : VariadicNode(tensors)
{
    private readonly TensorFacts[] _parts = Array.ConvertAll(tensors, TensorFacts.Of);

    public override string Name => "CatBackward0";

    internal static Tensor Cat(IReadOnlyList<Tensor> list, int dim)
    {
        Tensor[] tensors = [.. list];
        if (tensors.Length == 0) throw new ArgumentException("Cat: needs at least one tensor.", nameof(tensors));
        Tensor first = Array.Find(tensors, x => !IsSkipped(x)) ?? tensors[0];
        if (first.NDim == 0) throw new ShapeException("Cat: tensors without dimensions cannot be joined; use Stack.");
        int d = first.Shape.Wrap(dim);
        long total = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            Tensor x = tensors[i];
            if (IsSkipped(x)) continue;
            bool fits = x.NDim == first.NDim;
            for (int k = 0; fits && k < x.NDim; k++) fits = k == d || x.Shape[k] == first.Shape[k];
            if (!fits) throw new ShapeException($"Cat: tensor {i} has shape {x.Shape}, which differs from {first.Shape} elsewhere than in dimension {d}.");
            total += x.Shape[d];
        }
        DType dtype = Promotion.Of(tensors);
        Tensor y = Tensor.Uninitialized(Joined(first.Shape, d, total), dtype);
        int start = 0;
        foreach (Tensor x in tensors)
        {
            if (x.NumEl == 0) continue;
            Elements.CopyTo(Elements.ToContiguous(Binary.Operand(x, dtype)), SliceOp.Narrow(y, d, start, x.Shape[d]).Forward(y));
            start += x.Shape[d];
        }
        if (History.IsWanted(tensors)) History.Record([y], new CatNode(tensors, d, dtype), tensors);
        return y;
    }

    private static Shape Joined(Shape part, int dim, long total)
    {
        long[] sizes = [.. part];
        sizes[dim] = total;
        return Shape.Computed(sizes);
    }

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        var results = new Tensor?[_parts.Length];
        if (gradients[0] is not { } g) return results;
        int start = 0;
        for (int i = 0; i < results.Length; i++)
        {
            TensorFacts part = _parts[i];
            if (part.Shape.NDim != g.NDim || part.Shape[dim] == 0)
            {
                if (Needs(i)) results[i] = Tensor.Zeros(part.Shape, part.DType);
                continue;
            }
            int size = part.Shape[dim];
            if (Needs(i)) results[i] = g.Narrow(dim, start, size).To(part.DType);
            start += size;
        }
        return results;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        var all = new Tensor[_parts.Length];
        for (int i = 0; i < all.Length; i++) all[i] = tangents[i]?.To(dtype) ?? Tensor.Zeros(_parts[i].Shape, dtype);
        return [Tensor.Cat(all, dim)];
    }

    // As in PyTorch, an empty tensor of one dimension fits everywhere: what a loop that joins pieces starts with.
    private static bool IsSkipped(Tensor x) => x.NDim == 1 && x.NumEl == 0;
}
