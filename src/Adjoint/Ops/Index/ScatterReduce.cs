namespace Adjoint;

/// <summary>What several numbers for one place become: PyTorch's <c>reduce</c>.</summary>
public enum ScatterReduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Prod,

    /// <summary>Their mean, of integers rounded down.</summary>
    Mean,

    /// <summary>The largest, or NaN if any is.</summary>
    Amax,

    /// <summary>The smallest, or NaN if any is.</summary>
    Amin,
}

public sealed partial class Tensor
{
    /// <summary>
    /// A copy in which the numbers of a source are combined with what is at the places that the index names along a dimension. Equal
    /// extremes share the gradient.
    /// </summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, as many dimensions as this tensor.</param>
    /// <param name="source">What is combined; no smaller than the index.</param>
    /// <param name="reduce">How.</param>
    /// <param name="includeSelf">Whether what is at a place counts among what is combined there.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">Index and source do not fit.</exception>
    /// <exception cref="DTypeException">The source has another dtype, or truth values are combined.</exception>
    public Tensor ScatterReduce(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        try
        {
            return ScatterReductions.Of(this, dim, index.Given(), source.Given(), reduce.Known(), includeSelf);
        }
        catch (TensorException e) when (e.IsOf(nameof(ScatterReduce)))
        {
            throw;
        }
    }

    /// <summary>Combines the numbers of a source with what is at the places that the index names, in place.</summary>
    /// <inheritdoc cref="ScatterReduce"/>
    public Tensor ScatterReduceInPlace(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        try
        {
            return CopyInPlace(ScatterReductions.Of(ScatterReductions.Before(this), dim, index.Given(), source.Given(), reduce.Known(),
                includeSelf));
        }
        catch (TensorException e) when (e.IsOf(nameof(ScatterReduceInPlace)))
        {
            throw;
        }
    }

    /// <summary>A copy in which the slices of a source are combined with those at places along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, one dimension.</param>
    /// <param name="source">As many slices as there are places.</param>
    /// <param name="reduce">How.</param>
    /// <param name="includeSelf">Whether what is at a place counts among what is combined there.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">The source has not the shape of the chosen slices.</exception>
    /// <exception cref="DTypeException">The source has another dtype, or truth values are combined.</exception>
    public Tensor IndexReduce(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        try
        {
            return ScatterReductions.Slices(this, dim, index.Given(), source.Given(), reduce.Known(), includeSelf);
        }
        catch (TensorException e) when (e.IsOf(nameof(IndexReduce)))
        {
            throw;
        }
    }

    /// <summary>Combines the slices of a source with those at places along a dimension, in place.</summary>
    /// <inheritdoc cref="IndexReduce"/>
    public Tensor IndexReduceInPlace(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        try
        {
            return CopyInPlace(ScatterReductions.Slices(ScatterReductions.Before(this), dim, index.Given(), source.Given(),
                reduce.Known(), includeSelf));
        }
        catch (TensorException e) when (e.IsOf(nameof(IndexReduceInPlace)))
        {
            throw;
        }
    }
}

/// <summary>Several numbers at one place.</summary>
internal static class ScatterReductions
{
    // What is changed in place may be saved by what is computed from it.
    internal static Tensor Before(Tensor x) => x.Clone();

    internal static Tensor Slices(Tensor x, int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf)
    {
        int d = x.Shape.Wrap(dim);
        bool fits = index.NDim <= 1 && source.NDim == x.NDim;
        for (int k = 0; fits && k < x.NDim; k++) fits = source.Shape[k] == (k == d ? index.NumEl : x.Shape[k]);
        if (!fits)
            throw new ShapeException(
                $"IndexReduce: a source of shape {source.Shape} does not fit {index.NumEl} places (shape {index.Shape}) of "
                + $"dimension {d} of "
                + $"shape {x.Shape}.");
        if (x.NDim == 0) return Of(x, 0, index.Reshape(Shape.Scalar), source, reduce, includeSelf);
        RequireNumbers(x, source);
        int[] sizes = new int[x.NDim];
        sizes.AsSpan().Fill(1);
        sizes[d] = index.NumEl;
        // Looked at before it is repeated.
        Tensor list = IndexTensors.Checked("IndexReduce", index, x.Shape[d], d, wrap: false);
        return Combined(x, d, list.Reshape(sizes).Expand(source.Shape), source, reduce, includeSelf);
    }

    internal static Tensor Of(Tensor x, int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf)
    {
        RequireNumbers(x, source);
        Tensor places = ScatterOp.Checked("ScatterReduceBackward0", x, dim, index, source);
        int d = x.Shape.Wrap(dim);
        for (int k = 0; k < places.NDim && source.NDim == places.NDim; k++)
            if (source.Shape[k] > places.Shape[k]) source = source.Narrow(k, 0, places.Shape[k]);
        return Combined(x, d, places, source, reduce, includeSelf);
    }

    private static void RequireNumbers(Tensor x, Tensor source)
    {
        if (source.DType != x.DType)
            throw new DTypeException($"ScatterReduce: the source is {source.DType}, but is combined with {x.DType}. Convert it with To.");
        if (x.DType.IsBool) throw new DTypeException("ScatterReduce: is not defined for Bool tensors. Convert with To(DType.Int64).");
    }

    private static Tensor Combined(Tensor x, int d, Tensor places, Tensor source, ScatterReduction reduce, bool includeSelf)
    {
        if (places.NumEl == 0) return x.Clone();
        if (!includeSelf) x = x.Scatter(d, places, Identity(reduce, x.DType));
        return reduce switch
        {
            ScatterReduction.Sum => x.ScatterAdd(d, places, source),
            ScatterReduction.Mean => Mean(x, d, places, source, includeSelf),
            _ => Door.Run(new ScatterReduceOp(d, places, reduce), x, source),
        };
    }

    private static Tensor Mean(Tensor x, int d, Tensor places, Tensor source, bool includeSelf)
    {
        Tensor sum = x.ScatterAdd(d, places, source);
        Tensor count = includeSelf ? Tensor.Ones(x.Shape, x.DType) : Tensor.Zeros(x.Shape, x.DType);
        count = count.ScatterAdd(d, places, Tensor.Ones(places.Shape, x.DType)).ClampMin(1);
        return x.DType.IsFloatingPoint ? sum / count : sum.Div(count, RoundingMode.Floor);
    }

    private static Number Identity(ScatterReduction reduce, DType dtype) => reduce switch
    {
        ScatterReduction.Prod => 1,
        ScatterReduction.Amax => dtype.IsFloatingPoint ? (Number)double.NegativeInfinity : dtype.Row.Least,
        ScatterReduction.Amin => dtype.IsFloatingPoint ? (Number)double.PositiveInfinity : dtype.Row.Most,
        _ => 0,
    };
}
