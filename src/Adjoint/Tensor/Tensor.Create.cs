using System.Runtime.CompilerServices;

namespace Adjoint;

[CollectionBuilder(typeof(TensorLiteral), nameof(TensorLiteral.Create))]
public sealed partial class Tensor : IEnumerable<Tensor>
{
    /// <summary>
    /// A tensor with a copy of <paramref name="data"/> in row-major order; its dtype is that of <typeparamref name="T"/>.
    /// </summary>
    /// <param name="data">The elements.</param>
    /// <param name="shape">The sizes; by default one dimension.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <param name="dtype">The dtype of the tensor, where it is to be another than that of the elements.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to the number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, Shape? shape = null, bool requiresGrad = false, DType? dtype = null)
        where T : unmanaged
    {
        shape ??= Shape.Of(data.Length);
        if (shape.NumEl != data.Length)
            throw new ShapeException($"From: the shape {shape} has {shape.NumEl} elements, but {data.Length} were given.");
        Tensor x = Outside(shape, DTypes.Of<T>());
        using (var memory = new Loan()) data.CopyTo(memory.Of<T>(x));
        return Cast(x, dtype ?? x.DType).RequiresGradInPlace(requiresGrad);
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape, bool, DType?)"/>
    public static Tensor From<T>(T[] data, Shape? shape = null, bool requiresGrad = false, DType? dtype = null) where T : unmanaged =>
        From((ReadOnlySpan<T>)data.Given(), shape, requiresGrad, dtype);

    /// <summary>A matrix with a copy of the elements of a C# matrix.</summary>
    public static Tensor From<T>(T[,] data, bool requiresGrad = false, DType? dtype = null) where T : unmanaged
    {
        data.Given();
        var flat = new T[data.Length];
        int i = 0;
        foreach (T value in data) flat[i++] = value;
        return From(flat, [data.GetLength(0), data.GetLength(1)], requiresGrad, dtype);
    }

    /// <summary>A tensor without dimensions that holds one number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="dtype">Its dtype; by default Float32, as PyTorch gives a Python float.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    public static Tensor Scalar(Number value, DType dtype = DType.Float32, bool requiresGrad = false)
    {
        try
        {
            return Full(Shape.Scalar, value, dtype, requiresGrad);
        }
        catch (TensorException e) when (e.IsOf(nameof(Scalar)))
        {
            throw;
        }
    }

    /// <summary>Zeros.</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Zeros(params ReadOnlySpan<int> sizes) => Zeros(Shape.Of(sizes));

    /// <inheritdoc cref="Zeros(ReadOnlySpan{int})"/>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Door.Run(new ZerosOp(shape.Given(), dtype)).RequiresGradInPlace(requiresGrad);

    /// <summary>Ones.</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Ones(params ReadOnlySpan<int> sizes) => Ones(Shape.Of(sizes));

    /// <inheritdoc cref="Ones(ReadOnlySpan{int})"/>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Full(shape.Given(), 1, dtype, requiresGrad);

    /// <summary>Every element is <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, Number value, DType dtype = DType.Float32, bool requiresGrad = false) =>
        FullOp.Apply(shape.Given(), value.Fitting("Full", dtype), dtype).RequiresGradInPlace(requiresGrad);

    /// <summary>Memory as it comes: the elements are undefined until they are written.</summary>
    public static Tensor Empty(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Door.Run(new EmptyOp(shape.Given(), dtype)).RequiresGradInPlace(requiresGrad);

    /// <summary>start, start + step, … up to but without <paramref name="end"/>.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="step">The difference of neighbours; not zero.</param>
    /// <param name="dtype">By default Int64 when all three are of whole number types, else Float32: <c>Arange(0, 3.0)</c> is real.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The steps do not lead from start to end, or never arrive.</exception>
    /// <exception cref="ShapeException">There are more numbers than a tensor holds.</exception>
    // A literal 0 would also be a DType.
    [OverloadResolutionPriority(1)]
    public static Tensor Arange(Number start, Number end, Number? step = null, DType? dtype = null, bool requiresGrad = false)
    {
        Number by = step ?? 1;
        bool whole = start.IsWhole && end.IsWhole && by.IsWhole;
        return Sequence.Steps(start.ToDouble(), end.ToDouble(), by.ToDouble(), dtype ?? (whole ? DType.Int64 : DType.Float32))
            .RequiresGradInPlace(requiresGrad);
    }

    /// <summary>0, 1, … up to but without <paramref name="end"/>.</summary>
    /// <inheritdoc cref="Arange(Number, Number, Number?, DType?, bool)"/>
    public static Tensor Arange(Number end, DType? dtype = null, bool requiresGrad = false) => end.ToDouble() < 0
        ? throw new ArgumentOutOfRangeException(nameof(end), end.ToDouble(),
            $"Arange: the numbers from 0 never come to {end}; it must not be negative.") : Arange(0, end, 1, dtype, requiresGrad);

    /// <summary><paramref name="steps"/> numbers evenly from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static Tensor Linspace(double start, double end, int steps, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Sequence.Between(start, end, steps, dtype).RequiresGradInPlace(requiresGrad);

    /// <summary>The matrix with ones on the diagonal and zeros elsewhere.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns; by default as many as rows.</param>
    /// <param name="dtype">The dtype.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="ShapeException">There are more elements than a tensor holds.</exception>
    public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float32)
    {
        int m = columns ?? rows;
        if (rows < 0 || m < 0)
            throw new ArgumentOutOfRangeException(
                rows < 0 ? nameof(rows) : nameof(columns), rows < 0 ? rows : m, $"Eye: there is no matrix of {rows} rows and {m} columns.");
        return Door.Run(new FilledOp<DiagonalFill>("eye", [rows, m], dtype, default));
    }

    /// <summary>Zeros of this tensor's shape and, unless given, its dtype.</summary>
    public Tensor ZerosLike(DType? dtype = null, bool requiresGrad = false) => Zeros(Shape, dtype ?? DType, requiresGrad);

    /// <summary>Ones of this tensor's shape and, unless given, its dtype.</summary>
    public Tensor OnesLike(DType? dtype = null, bool requiresGrad = false) => Ones(Shape, dtype ?? DType, requiresGrad);

    /// <summary>Memory as it comes, of this tensor's shape and, unless given, its dtype: undefined until it is written.</summary>
    public Tensor EmptyLike(DType? dtype = null, bool requiresGrad = false) => Empty(Shape, dtype ?? DType, requiresGrad);

    /// <summary><paramref name="value"/> everywhere in this tensor's shape and, unless given, its dtype.</summary>
    public Tensor FullLike(Number value, DType? dtype = null, bool requiresGrad = false)
    {
        try
        {
            return Full(Shape, value, dtype ?? DType, requiresGrad);
        }
        catch (TensorException e) when (e.IsOf(nameof(FullLike)))
        {
            throw;
        }
    }

    internal static Tensor FromDoubles(ReadOnlySpan<double> values, Shape shape, DType dtype)
    {
        Tensor given = Outside(shape, DType.Float64);
        using var memory = new Loan();
        values.CopyTo(memory.Of<double>(given));
        return Cast(given, dtype);
    }

    // What was given by C# is no result of an operation, in whatever dtype.
    private static Tensor Cast(Tensor given, DType dtype)
    {
        if (given.DType == dtype) return given;
        Tensor x = Outside(given.Shape, dtype);
        Elements.CastTo(given, x);
        return x;
    }

    /// <summary>The slices along the first dimension, in order.</summary>
    /// <exception cref="ShapeException">The tensor has no dimensions.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (NDim == 0) throw new ShapeException("A tensor without dimensions cannot be enumerated; Item() gives its number.");
        return Slices();

        IEnumerator<Tensor> Slices()
        {
            // As a whole where gradients come back: each slice by itself would send one as large as the tensor.
            if (History.IsWanted(this))
                foreach (Tensor slice in Unbind()) yield return slice;
            else
                for (int i = 0; i < Shape[0]; i++) yield return Select(0, i);
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Builds tensors from collection expressions: <c>Tensor m = [[1, 2], [3, 4.5]];</c>.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class TensorLiteral
{
    /// <summary>Stacks the rows of a literal; the dtypes of its numbers are promoted to a common one.</summary>
    public static Tensor Create(ReadOnlySpan<Tensor> rows)
    {
        if (rows.Length == 0) return Tensor.Zeros(0);
        return Tensor.Stack(rows.ToArray().AllGiven(nameof(rows)));
    }
}
