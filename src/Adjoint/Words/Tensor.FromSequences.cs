namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A tensor without dimensions that holds one number, in the dtype PyTorch gives it: Float32, Int64 or Bool.</summary>
    /// <param name="value">The number.</param>
    /// <param name="requiresGrad">Whether gradients are wanted; of a real number only.</param>
    /// <param name="dtype">Another dtype.</param>
    public static Tensor From(Number value, bool requiresGrad = false, DType? dtype = null)
    {
        try
        {
            return Scalar(value, dtype ?? value.DType, requiresGrad);
        }
        catch (TensorException e) when (e.IsOf(nameof(From)))
        {
            throw;
        }
    }

    /// <summary>
    /// A vector with a copy of the elements of a sequence, which is read once; its dtype is that of <typeparamref name="T"/>.
    /// </summary>
    /// <param name="data">The elements: a list, a query, whatever can be enumerated.</param>
    /// <param name="shape">The sizes; by default one dimension.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <param name="dtype">The dtype of the tensor, where it is to be another than that of the elements.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to the number of elements.</exception>
    /// <example><code>Tensor.From(Enumerable.Range(1, 5).Select(i => 1.0 / i))</code></example>
    public static Tensor From<T>(IEnumerable<T> data, Shape? shape = null, bool requiresGrad = false, DType? dtype = null)
        where T : unmanaged =>
        From((ReadOnlySpan<T>)(T[])[.. data.Given()], shape, requiresGrad, dtype);

    /// <summary>A matrix with a copy of the rows of a jagged array, which must be equally long.</summary>
    /// <exception cref="ShapeException">A row has another length than the first.</exception>
    public static Tensor From<T>(T[][] rows, bool requiresGrad = false, DType? dtype = null) where T : unmanaged
    {
        int columns = rows.AllGiven().Length == 0 ? 0 : rows[0].Length;
        for (int i = 0; i < rows.Length; i++)
            if (rows[i].Length != columns)
                throw new ShapeException(
                    $"From: the rows of a matrix are equally long, but row 0 has {columns} elements and row {i} has {rows[i].Length}.");
        return From(Shape.Of(rows.Length, columns), rows, requiresGrad, dtype);
    }

    /// <summary>A tensor of three dimensions with a copy of a jagged array, whose parts must be of one size.</summary>
    /// <exception cref="ShapeException">A part has another size than the first.</exception>
    public static Tensor From<T>(T[][][] parts, bool requiresGrad = false, DType? dtype = null) where T : unmanaged
    {
        int rows = parts.AllGiven().Length == 0 ? 0 : parts[0].Length, columns = rows == 0 ? 0 : parts[0].AllGiven(nameof(parts))[0].Length;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].AllGiven(nameof(parts));
            if (parts[i].Length != rows)
                throw new ShapeException(
                    $"From: the parts of a tensor have equally many rows, but part 0 has {rows} and part {i} has {parts[i].Length}.");
            for (int j = 0; j < rows; j++)
                if (parts[i][j].Length != columns)
                    throw new ShapeException(
                        $"From: the rows of a tensor are equally long, but the first has {columns} elements and row {j} of part {i} has "
                        + $"{parts[i][j].Length}.");
        }
        return From(Shape.Of(parts.Length, rows, columns), parts.SelectMany(part => part), requiresGrad, dtype);
    }

    /// <summary>A tensor of three dimensions with a copy of the elements of a C# array of three.</summary>
    public static Tensor From<T>(T[,,] data, bool requiresGrad = false, DType? dtype = null) where T : unmanaged =>
        From(data.Given().Cast<T>(), [data.GetLength(0), data.GetLength(1), data.GetLength(2)], requiresGrad, dtype);

    /// <summary>A tensor of four dimensions with a copy of the elements of a C# array of four.</summary>
    public static Tensor From<T>(T[,,,] data, bool requiresGrad = false, DType? dtype = null) where T : unmanaged =>
        From(data.Given().Cast<T>(), [data.GetLength(0), data.GetLength(1), data.GetLength(2), data.GetLength(3)], requiresGrad, dtype);

    private static Tensor From<T>(Shape shape, IEnumerable<T[]> rows, bool requiresGrad, DType? dtype) where T : unmanaged
    {
        var flat = new T[shape.NumEl];
        int start = 0;
        foreach (T[] row in rows)
        {
            row.CopyTo(flat, start);
            start += row.Length;
        }
        return From((ReadOnlySpan<T>)flat, shape, requiresGrad, dtype);
    }
}
