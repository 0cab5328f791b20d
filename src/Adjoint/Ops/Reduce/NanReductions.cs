namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum over dimensions (none means all) of the elements that are not NaN; integers and bools add up as Int64.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor NaNSum(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        try
        {
            return NaNReduction.Sum(this, dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNSum)))
        {
            throw;
        }
    }

    /// <summary>The sum over dimensions (none means all) of the elements that are not NaN, which become another dtype before.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="dtype">The dtype.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor NaNSum(ReadOnlySpan<int> dims, DType dtype, bool keepDim = false)
    {
        try
        {
            return NaNReduction.Sum(To(dtype), dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNSum)))
        {
            throw;
        }
    }

    /// <summary>The mean over dimensions (none means all) of the elements that are not NaN, which become another dtype before.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="dtype">The dtype, of floating point.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public Tensor NaNMean(ReadOnlySpan<int> dims, DType dtype, bool keepDim = false)
    {
        try
        {
            return NaNReduction.Mean(To(dtype), dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNMean)))
        {
            throw;
        }
    }

    /// <summary>The mean over dimensions (none means all) of the elements that are not NaN; NaN where all are.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor NaNMean(ReadOnlySpan<int> dims = default, bool keepDim = false)
    {
        try
        {
            return NaNReduction.Mean(this, dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNMean)))
        {
            throw;
        }
    }

    /// <summary>
    /// The middle one of all elements that are not NaN (of an even number the lower one; NaN if all are); equal ones share the gradient.
    /// </summary>
    /// <exception cref="ShapeException">The tensor is of integers and has no elements.</exception>
    public Tensor NaNMedian()
    {
        try
        {
            return NaNReduction.Median(this);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNMedian)))
        {
            throw;
        }
    }

    /// <summary>
    /// The middle one along a dimension of the elements that are not NaN (of an even number the lower one; NaN if all are), and where it
    /// is.
    /// </summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or it is empty.</exception>
    public (Tensor Values, Tensor Indices) NaNMedian(int dim, bool keepDim = false)
    {
        try
        {
            return NaNReduction.Median(this, dim, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(NaNMedian)))
        {
            throw;
        }
    }

    /// <summary>The smallest and the largest of all elements, or of those along a dimension; equal ones share the gradient.</summary>
    /// <param name="dim">The dimension; by default all of them.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are no elements to choose from.</exception>
    public (Tensor Min, Tensor Max) Aminmax(int? dim = null, bool keepDim = false)
    {
        try
        {
            return dim is { } d ? (Amin([d], keepDim), Amax([d], keepDim)) : (Amin([], keepDim), Amax([], keepDim));
        }
        catch (TensorException e) when (e.IsOf(nameof(Aminmax)))
        {
            throw;
        }
    }

    /// <summary>How many elements over dimensions (none means all) are different from zero.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CountNonZero(ReadOnlySpan<int> dims)
    {
        try
        {
            return Detach().To(DType.Bool).Sum(dims);
        }
        catch (TensorException e) when (e.IsOf(nameof(CountNonZero)))
        {
            throw;
        }
    }

    /// <summary>Whether any element over dimensions (none means all) is different from zero.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Any(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        try
        {
            return Logic.Any(this, dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Any)))
        {
            throw;
        }
    }

    /// <summary>Whether all elements over dimensions (none means all) are different from zero.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor All(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        try
        {
            return Logic.All(this, dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(All)))
        {
            throw;
        }
    }
}

/// <summary>Reductions that pass over NaN: it is a 0 among the terms, and the last in order.</summary>
internal static class NaNReduction
{
    internal static Tensor Sum(Tensor x, ReadOnlySpan<int> dims, bool keepDim) =>
        x.DType.IsFloatingPoint ? SlopedReduction.Apply(new NanSumOp(), x, dims, keepDim) : x.Sum(dims, keepDim);

    internal static Tensor Mean(Tensor x, ReadOnlySpan<int> dims, bool keepDim)
    {
        Reduction.RequireFloat("NaNMean", x);
        Tensor count = x.Detach().IsNaN().LogicalNot().Sum(dims, keepDim).To(x.DType);
        return Sum(x, dims, keepDim) / count;
    }

    internal static Tensor Median(Tensor x) =>
        x.DType.IsFloatingPoint ? SlopedReduction.Apply(new NanMedianOp(), x, [], false) : x.Median();

    internal static (Tensor Values, Tensor Indices) Median(Tensor x, int dim, bool keepDim)
    {
        if (!x.DType.IsFloatingPoint || x.NDim == 0) return x.Median(dim, keepDim);
        int d = x.Shape.Wrap(dim);
        if (x.Shape[d] == 0) throw new ShapeException($"NaNMedian: dimension {d} of shape {x.Shape} is empty.");
        Tensor order = x.Detach().ArgSort(d), count = x.Detach().IsNaN().LogicalNot().Sum(d, keepDim: true);
        Tensor middle = ((count - 1).Clamp(min: 0)).Div(2, RoundingMode.Trunc), place = order.Gather(d, middle);
        return ArgExtreme.Picked("NanmedianBackward1", x, d, place, keepDim);
    }
}

/// <summary>y = the median of the numbers among x,   ∂y/∂xᵢ = 1/k for the k elements equal to it, else 0.</summary>
internal readonly struct NanMedianOp : IReductionOp
{
    public string NodeName => "NanmedianBackward0";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        if (x.NumEl == 0) return Tensor.Full(Shape.Scalar, double.NaN, x.DType);
        using Unrecorded _ = Unrecorded.Begin();
        return Elements.Copy(NaNReduction.Median(Elements.Copy(x).Alias([x.NumEl], null, 0), 0, false).Values);
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => ExtremeOp<MaxKernel>.EqualShares(x, y, dims);

    public void Write(Hand hand, int[] dims)
    {
        HandTensor x = hand.Input(0);
        hand.Needs(HandOrderText.Order, x.Word);
        hand.Needs(HandOrderText.Middle, x.Word);
        HandTensor all = hand.New("all", x.Shape, x.DType);
        string name = hand.Whole(all);
        hand.Line("int d = 0;");
        hand.Each(e => hand.Block(
            $"if (!{x.Word}.IsNaN({hand.Element(e[0])}))", () => hand.Line($"{name}[d++] = {hand.Element(e[0])};")), x);
        hand.Store(hand.Result, $"d == 0 ? {x.Word}.NaN : {name}[Middle({name}, 0, 1, d)]");
    }
}

public static partial class OpTable
{
    private static Op NaNSumDim => Op.Of(OpKind.Composite, "nansum_dim", x => x.Log().NaNSum([0]), Matrix,
        new() { Formula = "Σ x over what is a number, over dimensions", Torch = "x.log().nansum((0,))" });

    private static Op NaNMean => Op.Of(OpKind.Composite, "nanmean", x => x.NaNMean([1]), Matrix,
        new() { Formula = "the mean of what is a number", Torch = "x.nanmean((1,))" });

    private static Op NaNMedian => Op.Of(OpKind.Other, "nanmedian", x => x.NaNMedian(), Matrix,
        new()
        {
            Formula = "the lower of the middle numbers of x",
            Torch = "x.nanmedian()",
            Gradient = "g at that element, elsewhere 0",
        });

    private static Op NaNMedianDim => Op.Of(OpKind.Composite, "nanmedian_dim", x => x.NaNMedian(1).Values, Cube,
        new() { Formula = "the lower of the middle numbers of x over a dimension", Torch = "x.nanmedian(1).values" });

    private static Op Aminmax => Op.Of(OpKind.Composite, "aminmax", x => x.Aminmax(1).Min + x.Aminmax(1).Max * 2, Cube,
        new() { Formula = "the extremes of x over a dimension", Torch = "x.amin(1) + x.amax(1) * 2" });

    private static Op AnyDims => Op.Of(OpKind.Zero, "any_dims", x => (x > 2.5).Any([0, 1]) ^ (x > -2.9).All([0, 1]), Cube,
        new() { Formula = "whether any or all x ≠ 0 over dimensions", Torch = "(x > 2.5).any(0).any(0) ^ (x > -2.9).all(0).all(0)" });

    private static Op CountNonZeroDims => Op.Of(OpKind.Zero, "count_nonzero_dims", x => x.Floor().CountNonZero([0, 2]), Cube,
        new() { Formula = "how many x ≠ 0 over dimensions", Torch = "x.floor().count_nonzero((0, 2))" });
}
