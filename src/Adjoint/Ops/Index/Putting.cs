namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with the elements of a source at places of all elements in a row: the counterpart of <see cref="Take"/>.</summary>
    /// <param name="index">Int64 places; negative ones count from the end.</param>
    /// <param name="source">As many elements as there are places.</param>
    /// <param name="accumulate">Add instead; places that are named several times get all of it.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">There are not as many elements.</exception>
    public Tensor Put(Tensor index, Tensor source, bool accumulate = false)
    {
        try
        {
            return Putting.Of("Put", this, index.Given(), source.Given(), accumulate);
        }
        catch (TensorException e) when (e.IsOf(nameof(Put)))
        {
            throw;
        }
    }

    /// <summary>Writes the elements of a source to places of all elements in a row, in place.</summary>
    /// <inheritdoc cref="Put"/>
    public Tensor PutInPlace(Tensor index, Tensor source, bool accumulate = false)
    {
        try
        {
            return CopyInPlace(Putting.Of("PutInPlace", this, index.Given(), source.Given(), accumulate));
        }
        catch (TensorException e) when (e.IsOf(nameof(PutInPlace)))
        {
            throw;
        }
    }

    /// <summary>A copy with a source on the diagonal of two dimensions.</summary>
    /// <param name="source">What stands there, in the shape of the diagonal.</param>
    /// <param name="offset">How far above the main diagonal; below it where negative.</param>
    /// <param name="dim1">The dimension of rows.</param>
    /// <param name="dim2">The dimension of columns.</param>
    /// <exception cref="ShapeException">There are no such dimensions, or the source has another shape.</exception>
    public Tensor DiagonalScatter(Tensor source, int offset = 0, int dim1 = 0, int dim2 = 1)
    {
        try
        {
            return Joining.Overwritten(Clone(), x => x.Diagonal(offset, dim1, dim2), source.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(DiagonalScatter)))
        {
            throw;
        }
    }

    /// <summary>
    /// For each class number a row of zeros with a 1 at it: an Int64 tensor with one dimension more.
    /// </summary>
    /// <param name="numClasses">How many classes there are; by default one more than the largest number.</param>
    /// <exception cref="DTypeException">The numbers are not integers.</exception>
    /// <exception cref="TensorIndexException">A number is negative or there is no such class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one class.</exception>
    public Tensor OneHot(int numClasses = -1)
    {
        try
        {
            return Putting.OneHot(this, numClasses);
        }
        catch (TensorException e) when (e.IsOf(nameof(OneHot)))
        {
            throw;
        }
    }

    /// <summary>Places of all elements in a row as places of each dimension of a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <returns>For each dimension an Int64 tensor of this one's shape.</returns>
    /// <exception cref="DTypeException">The places are not integers.</exception>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    public Tensor[] UnravelIndex(Shape shape)
    {
        try
        {
            return Putting.Unravelled(this, shape.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(UnravelIndex)))
        {
            throw;
        }
    }
}

/// <summary>Writing at places of elements in a row, and what such places are in other terms.</summary>
internal static class Putting
{
    internal static Tensor Of(string operation, Tensor x, Tensor index, Tensor source, bool accumulate)
    {
        if (index.NumEl != source.NumEl)
            throw new ShapeException(
                $"{operation}: a source of shape {source.Shape} has not as many elements as there are places, of shape {index.Shape}.");
        if (source.DType != x.DType)
            throw new DTypeException($"{operation}: the source is {source.DType}, but is written to {x.DType}. Convert it with To.");
        if (!index.DType.Row.IsIndex)
            throw new DTypeException($"{operation}: the places must be integers (Int64 or Int32), but are {index.DType}.");
        return x.Reshape(-1).IndexPut([index.Flatten()], source.Flatten(), accumulate).Reshape(x.Shape);
    }

    internal static Tensor OneHot(Tensor x, int classes)
    {
        if (!x.DType.Row.IsIndex)
            throw new DTypeException($"OneHot: class numbers must be integers (Int64 or Int32), but are {x.DType}.");
        if (classes == -1)
        {
            if (x.NumEl == 0) throw new ShapeException($"OneHot: shape {x.Shape} has no numbers to tell how many classes there are.");
            long most = x.Amax([]).Item<long>();
            classes = most < int.MaxValue ? (int)Math.Max(0, most) + 1
                : throw new TensorIndexException($"OneHot: there are too many classes for a tensor, as one has the number {most}.");
        }
        Tensor zeros = Tensor.Zeros([.. x.Shape.Sizes, classes.AtLeast(1, "numClasses")], DType.Int64);
        return zeros.ScatterInPlace(-1, x.To(DType.Int64).Unsqueeze(-1), 1);
    }

    internal static Tensor[] Unravelled(Tensor x, Shape shape)
    {
        Tensor rest = IndexTensors.Checked("UnravelIndex", x, shape.NumEl, 0, wrap: false);
        var places = new Tensor[shape.NDim];
        for (int d = shape.NDim - 1; d >= 0; d--)
        {
            int size = Math.Max(1, shape[d]);
            places[d] = rest.Remainder(size);
            rest = rest.Div(size, RoundingMode.Trunc);
        }
        return places;
    }
}

public static partial class OpTable
{
    private static Op Put => Op.Of(OpKind.Composite, "put", (x, y) => x.Put(Places(5, -1, 0), y), Matrix, new OpInput([3], Domain.Reals),
        new() { Formula = "x with y at places of all its elements in a row", Torch = "x.put(places(5, -1, 0), y)" });

    private static Op DiagonalScatter =>
        Op.Of(OpKind.Composite, "diagonal_scatter", (x, y) => x.DiagonalScatter(y, 1), Matrix, new OpInput([3], Domain.Reals),
            new() { Formula = "x with y on a diagonal", Torch = "x.diagonal_scatter(y, 1)" });

    private static Op OneHot => Op.Of(OpKind.Zero, "one_hot", x => x.Abs().To(DType.Int64).OneHot(4), Matrix,
        new() { Formula = "1 at the place x, 0 elsewhere", Torch = "F.one_hot(x.abs().long(), 4)", Onnx = "OneHot" });

    private static Op UnravelIndex => Op.Of(OpKind.Zero, "unravel_index", x => (x.Abs() * 2).To(DType.Int64).UnravelIndex([2, 3,
        2])[1], Matrix,
        new()
        {
            Formula = "places of elements in a row as places of dimensions",
            Torch = "(x.abs() * 2).long().div(2, rounding_mode=\"trunc\").remainder(3)",
        });
}
