namespace Adjoint;

/// <summary>What lies between two neighbours in order: PyTorch's <c>interpolation</c>.</summary>
public enum QuantileInterpolation
{
    /// <summary>The line from one to the other.</summary>
    Linear,

    /// <summary>The lower one.</summary>
    Lower,

    /// <summary>The higher one.</summary>
    Higher,

    /// <summary>The middle of both.</summary>
    Midpoint,

    /// <summary>The nearer one, of the same distance the one at the even place.</summary>
    Nearest,
}

public sealed partial class Tensor
{
    /// <summary>
    /// What a share q of the elements along a dimension (by default of all) is below: the element at the place q·(n − 1) in order. NaN
    /// where one is.
    /// </summary>
    /// <param name="q">Numbers in [0, 1]: one, or a vector, whose results stand side by side in a new first dimension.</param>
    /// <param name="dim">The dimension; without one all elements.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <param name="interpolation">What lies between two neighbours.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point, or q has another dtype.</exception>
    /// <exception cref="ShapeException">There is no such dimension, there are no elements, or q has more than one dimension.</exception>
    /// <exception cref="ArgumentException">A q is not in [0, 1].</exception>
    public Tensor Quantile(Tensor q, int? dim = null, bool keepDim = false,
        QuantileInterpolation interpolation = QuantileInterpolation.Linear)
    {
        try
        {
            return Quantiles.Of("Quantile", this, q.Given(), dim, keepDim, interpolation.Known(), passesOverNaN: false);
        }
        catch (TensorException e) when (e.IsOf(nameof(Quantile)))
        {
            throw;
        }
    }

    /// <summary>As <see cref="Quantile"/> of the elements that are not NaN; NaN where all are.</summary>
    /// <inheritdoc cref="Quantile"/>
    public Tensor NaNQuantile(Tensor q, int? dim = null, bool keepDim = false,
        QuantileInterpolation interpolation = QuantileInterpolation.Linear)
    {
        try
        {
            return Quantiles.Of("NaNQuantile", this, q.Given(), dim, keepDim, interpolation.Known(), passesOverNaN: true);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNQuantile)))
        {
            throw;
        }
    }
}

/// <summary>Places in order that are no whole numbers.</summary>
internal static class Quantiles
{
    internal static Tensor Of(
        string operation, Tensor x, Tensor q, int? dim, bool keepDim, QuantileInterpolation interpolation, bool passesOverNaN)
    {
        Check(operation, x, q);
        int d = dim is { } given ? x.Shape.Wrap(given) : 0;
        // What is asked for stands last, and is one dimension.
        Tensor rows = dim is null ? x.Flatten() : x.NDim == 0 ? x.Reshape(1) : x.MoveDim(d, -1);
        if (rows.Shape[-1] == 0) throw new ShapeException($"{operation}: there are no elements to choose from in shape {x.Shape}.");
        Tensor sorted = rows.Sort(-1).Values, isNaN = sorted.Detach().IsNaN();
        int last = rows.Shape[-1] - 1;
        // q has a gradient where a line lies between two neighbours: their difference times n − 1.
        Tensor share = (q.IsNumber ? q.To(x.DType) : q).Reshape(-1);
        Tensor ranks = passesOverNaN
            ? (share * (isNaN.LogicalNot().Sum([-1], keepDim: true) - 1).To(x.DType)).Clamp(min: 0)
            : (share * last).Expand([.. rows.Shape.Sizes[..^1], share.NumEl]).MaskedFill(isNaN.Any(-1, keepDim: true), last);
        Tensor y = Between(sorted, ranks, interpolation);
        // [rows…, q] as [q, rows…], with the size of 1 that may stay.
        Shape result = dim is null ? (keepDim ? Shape.Of([.. Enumerable.Repeat(1, x.NDim)]) : Shape.Scalar)
            : Reduction.Result(x.Shape, x.NDim == 0 ? [] : [d], keepDim);
        y = y.MoveDim(-1, 0);
        return q.NDim == 0 ? y.Reshape(result) : y.Reshape([q.NumEl, .. result.Sizes]);
    }

    private static Tensor Between(Tensor sorted, Tensor ranks, QuantileInterpolation interpolation)
    {
        ranks = interpolation switch
        {
            QuantileInterpolation.Lower => ranks.Floor(),
            QuantileInterpolation.Higher => ranks.Ceil(),
            QuantileInterpolation.Nearest => ranks.Round(),
            _ => ranks,
        };
        Tensor below = ranks.Floor(), low = sorted.Gather(-1, below.To(DType.Int64));
        if (interpolation is not (QuantileInterpolation.Linear or QuantileInterpolation.Midpoint)) return low;
        Tensor high = sorted.Gather(-1, ranks.Ceil().To(DType.Int64));
        Tensor weight = interpolation == QuantileInterpolation.Midpoint ? Tensor.Full(Shape.Scalar, 0.5, ranks.DType) : ranks - below;
        // Between two infinities that are equal there is no other number.
        Tensor isSame = high.Detach().Eq(low.Detach()) & high.Detach().IsInf();
        return low + weight * (high - low).MaskedFill(isSame, 0.0);
    }

    private static void Check(string operation, Tensor x, Tensor q)
    {
        Reduction.RequireFloat(operation, x);
        if (!q.IsNumber && q.DType != x.DType)
            throw new DTypeException($"{operation}: q is {q.DType}, but the tensor {x.DType}. Convert one with To.");
        if (q.NDim > 1) throw new ShapeException($"{operation}: q must be a number or a vector, but has shape {q.Shape}.");
        if (x.NumEl == 0) throw new ShapeException($"{operation}: there are no elements to choose from in shape {x.Shape}.");
        if (GraphCapture.IsCapturing) return;
        foreach (double share in q.Detach().To(DType.Float64).ToArray<double>())
            if (!(share >= 0 && share <= 1)) throw new ArgumentException($"{operation}: q must be in [0, 1], but is {share}.", nameof(q));
    }
}

public static partial class OpTable
{
    private static Op Quantile => Op.Of(OpKind.Composite, "quantile",
        x => x.Quantile(Tensor.From([0.1, 0.5, 0.85]).To(x.DType), 1), Cube,
        new() { Formula = "x at the places q·(n − 1) in order", Torch = "x.quantile(torch.tensor([0.1, 0.5, 0.85], dtype=x.dtype), 1)" });

    private static Op QuantileMidpoint => Op.Of(OpKind.Composite, "quantile_midpoint",
        x => x.Quantile(0.3, interpolation: QuantileInterpolation.Midpoint), Matrix,
        new() { Formula = "x between two places in order", Torch = "x.quantile(0.3, interpolation=\"midpoint\")" });

    private static Op NaNQuantile => Op.Of(OpKind.Composite, "nanquantile", x => x.NaNQuantile(0.3, 0, keepDim: true), Matrix,
        new() { Formula = "what is a number at the place q·(n − 1) in order", Torch = "x.nanquantile(0.3, 0, keepdim=True)" });
}
