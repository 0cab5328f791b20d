namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>One dimension becomes several; one size may be −1 and is then inferred.</summary>
    /// <exception cref="ShapeException">The sizes do not multiply to that of the dimension.</exception>
    public Tensor Unflatten(int dim, params ReadOnlySpan<int> sizes) => Unflattening.Of(this, dim, sizes);

    /// <summary>All elements in one dimension.</summary>
    public Tensor Ravel() => Reshape(-1);

    /// <summary>The same elements in the shape of another tensor, without a copy.</summary>
    /// <exception cref="ShapeException">The number of elements differs, or only a copy could have that shape.</exception>
    public Tensor ViewAs(Tensor other)
    {
        try
        {
            return View(other.Given().Shape);
        }
        catch (TensorException e) when (e.IsOf(nameof(ViewAs)))
        {
            throw;
        }
    }

    /// <summary>The same elements in the shape of another tensor.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor ReshapeAs(Tensor other)
    {
        try
        {
            return Reshape(other.Given().Shape);
        }
        catch (TensorException e) when (e.IsOf(nameof(ReshapeAs)))
        {
            throw;
        }
    }

    /// <summary>A view repeated to a shape that this tensor's broadcasts to.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        try
        {
            return Expand(shape.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(BroadcastTo)))
        {
            throw;
        }
    }
}

/// <summary>Splits a dimension into several.</summary>
internal static class Unflattening
{
    internal static Tensor Of(Tensor x, int dim, ReadOnlySpan<int> sizes)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d], unknown = sizes.IndexOf(-1);
        int[] inner = sizes.ToArray();
        long known = 1;
        for (int i = 0; i < inner.Length && known <= int.MaxValue; i++) known *= i == unknown ? 1 : inner[i];
        if (unknown >= 0 && known > 0) inner[unknown] = (int)(size / known);
        if (unknown >= 0 && known > 0 ? size % known != 0 : known != size)
            throw new ShapeException(
                $"Unflatten: {Shape.Text(sizes)} does not multiply to {size}, the size of dimension {d} of shape {x.Shape}.");
        return x.Reshape([.. x.Shape.Sizes[..d], .. inner, .. x.Shape.Sizes[Math.Min(d + 1, x.NDim)..]]);
    }
}

public static partial class OpTable
{
    private static Op Unflatten => Op.Of(OpKind.Composite, "unflatten", x => x.Unflatten(-1, 2, -1), Cube,
        new() { Formula = "one dimension of x as several", Torch = "x.unflatten(-1, (2, -1))" });
}
