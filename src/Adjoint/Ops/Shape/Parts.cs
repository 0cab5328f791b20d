namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Pieces along a dimension that begin at places: [0, i₀), [i₀, i₁), …, the last to the end. Views.</summary>
    /// <param name="indices">The places, as C# and Python read them in ranges: negative ones count from the end, beyond it is the end.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor[] TensorSplit(ReadOnlySpan<int> indices, int dim = 0)
    {
        try
        {
            return Parts.At(this, indices, dim, "TensorSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(TensorSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces of equal size along the second dimension, of a vector along its only one.</summary>
    /// <param name="sections">How many; divides the size.</param>
    /// <exception cref="ShapeException">There is no dimension, or its size does not divide.</exception>
    public Tensor[] HSplit(int sections)
    {
        try
        {
            return Parts.Equal(this, sections, Parts.Horizontal(this), "HSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(HSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces along the second dimension, of a vector along its only one, that begin at places.</summary>
    /// <param name="indices">The places.</param>
    /// <exception cref="ShapeException">There is no dimension.</exception>
    public Tensor[] HSplit(ReadOnlySpan<int> indices)
    {
        try
        {
            return Parts.At(this, indices, Parts.Horizontal(this), "HSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(HSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces of equal size along the first of at least two dimensions.</summary>
    /// <inheritdoc cref="HSplit(int)"/>
    public Tensor[] VSplit(int sections)
    {
        try
        {
            return Parts.Equal(this, sections, Parts.Of(this, 0, 2, "VSplit"), "VSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(VSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces along the first of at least two dimensions that begin at places.</summary>
    /// <inheritdoc cref="HSplit(ReadOnlySpan{int})"/>
    public Tensor[] VSplit(ReadOnlySpan<int> indices)
    {
        try
        {
            return Parts.At(this, indices, Parts.Of(this, 0, 2, "VSplit"), "VSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(VSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces of equal size along the third dimension.</summary>
    /// <inheritdoc cref="HSplit(int)"/>
    public Tensor[] DSplit(int sections)
    {
        try
        {
            return Parts.Equal(this, sections, Parts.Of(this, 2, 3, "DSplit"), "DSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(DSplit)))
        {
            throw;
        }
    }

    /// <summary>Pieces along the third dimension that begin at places.</summary>
    /// <inheritdoc cref="HSplit(ReadOnlySpan{int})"/>
    public Tensor[] DSplit(ReadOnlySpan<int> indices)
    {
        try
        {
            return Parts.At(this, indices, Parts.Of(this, 2, 3, "DSplit"), "DSplit");
        }
        catch (TensorException e) when (e.IsOf(nameof(DSplit)))
        {
            throw;
        }
    }

    /// <summary>A copy of so many places along a dimension: <see cref="Narrow"/> with memory of its own.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">The first place.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ShapeException">There are no such places.</exception>
    public Tensor NarrowCopy(int dim, int start, int length)
    {
        try
        {
            return Narrow(dim, start, length).Clone();
        }
        catch (TensorException e) when (e.IsOf(nameof(NarrowCopy)))
        {
            throw;
        }
    }
}

/// <summary>Pieces as plain slices.</summary>
internal static class Parts
{
    internal static int Horizontal(Tensor x) => Of(x, x.NDim == 1 ? 0 : 1, 1, "HSplit");

    internal static int Of(Tensor x, int dim, int least, string operation) => x.NDim >= least ? dim
        : throw new ShapeException($"{operation}: needs at least {least} dimension{(least > 1 ? "s" : "")}, but got shape {x.Shape}.");

    internal static Tensor[] Equal(Tensor x, int sections, int dim, string operation)
    {
        if (sections.AtLeast(1) is var count && x.Shape[dim] % count != 0)
            throw new ShapeException(
                $"{operation}: dimension {dim} of shape {x.Shape} does not divide into {sections} pieces. Use TensorSplit.");
        return x.TensorSplit(sections, dim);
    }

    internal static Tensor[] At(Tensor x, ReadOnlySpan<int> indices, int dim, string operation)
    {
        if (x.NDim == 0) throw new ShapeException($"{operation}: a tensor without dimensions cannot be cut into pieces.");
        int size = x.Shape[dim], start = 0;
        var pieces = new Tensor[indices.Length + 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            int index = i < indices.Length ? indices[i] : size, end = Math.Clamp(index < 0 ? index + size : index, 0, size);
            pieces[i] = x.Narrow(dim, Math.Min(start, end), Math.Max(0, end - start));
            start = end;
        }
        return pieces;
    }
}

public static partial class OpTable
{
    private static Op TensorSplitAt => Op.Of(OpKind.Composite, "tensor_split_indices", x => Parts(x.TensorSplit([1, 3], -1)), Cube,
        new() { Formula = "pieces of x that begin at places", Torch = "parts(x.tensor_split((1, 3), -1))" });

    private static Op HSplit => Op.Of(OpKind.Composite, "hsplit", x => Parts([.. x.HSplit([2]), .. x.VSplit(2), .. x.DSplit(2)]), Cube,
        new() { Formula = "pieces of x along each dimension", Torch = "parts([*x.hsplit((2,)), *x.vsplit(2), *x.dsplit(2)])" });

    private static Op NarrowCopy => Op.Of(OpKind.Composite, "narrow_copy", x => x.NarrowCopy(1, 1, 2), Cube,
        new() { Formula = "a copy of places of x", Torch = "x.narrow(1, 1, 2).clone()" });
}
