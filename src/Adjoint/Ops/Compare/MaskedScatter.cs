namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// A copy with the elements of a source, in row-major order, one after the other where the mask holds. The source gets the gradient
    /// of the places that it was written to, this tensor that of the others.
    /// </summary>
    /// <param name="mask">A Bool tensor; the shapes broadcast.</param>
    /// <param name="source">At least as many elements as the mask holds, of this tensor's dtype.</param>
    /// <exception cref="DTypeException">The mask is not Bool, or the source has another dtype.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="TensorIndexException">The source has too few elements.</exception>
    public Tensor MaskedScatter(Tensor mask, Tensor source)
    {
        try
        {
            return MaskedScattering.Of("MaskedScatter", this, mask.Given(), source.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(MaskedScatter)))
        {
            throw;
        }
    }

    /// <summary>Writes the elements of a source, one after the other, where the mask holds, in place.</summary>
    /// <inheritdoc cref="MaskedScatter"/>
    public Tensor MaskedScatterInPlace(Tensor mask, Tensor source)
    {
        try
        {
            return MaskedScattering.InPlace(this, mask.Given(), source.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(MaskedScatterInPlace)))
        {
            throw;
        }
    }
}

/// <summary>The n-th true of a mask takes the n-th element: its number is how many hold up to it.</summary>
internal static class MaskedScattering
{
    internal static Tensor InPlace(Tensor x, Tensor mask, Tensor source)
    {
        Tensor y = Of("MaskedScatterInPlace", x, mask, source);
        return y.Shape.Equals(x.Shape) ? x.CopyInPlace(y)
            : throw new ShapeException($"MaskedScatterInPlace: the mask of shape {mask.Shape} does not broadcast to {x.Shape}.");
    }

    internal static Tensor Of(string operation, Tensor x, Tensor mask, Tensor source)
    {
        if (!mask.DType.IsBool)
            throw new DTypeException($"{operation}: the mask must be Bool, but is {mask.DType}. Convert it with To(DType.Bool).");
        if (source.DType != x.DType)
            throw new DTypeException($"{operation}: the source is {source.DType}, but is written to {x.DType}. Convert it with To.");
        Shape shape = Binary.BroadcastShape(operation, x, mask);
        Tensor chosen = mask.Expand(shape), number = chosen.Flatten().To(DType.Int64).CumSum(0).Reshape(shape);
        // The first element serves those that are not chosen; with too few elements, a place is asked for that there is not.
        Tensor from = source.NumEl > 0 ? source.Flatten() : Tensor.Zeros([1], x.DType);
        Tensor places = (number - 1).MaskedFill(chosen.LogicalNot(), 0);
        if (source.NumEl == 0) places = chosen.To(DType.Int64);
        return Tensor.Where(chosen, from.Take(places), x);
    }
}

public static partial class OpTable
{
    private static Op MaskedScatter => Op.Of(OpKind.Composite, "masked_scatter", (x, y) => x.MaskedScatter(Chosen(x), y), Matrix, Matrix,
        new() { Formula = "the elements of y in a row where the mask holds, elsewhere x", Torch = "x.masked_scatter(chosen(x), y)" });
}
