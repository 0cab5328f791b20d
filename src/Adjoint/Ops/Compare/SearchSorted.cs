using System.Numerics;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// For each value the place in this sorted tensor before which it belongs: how many elements of its row are less (or, from the right,
    /// not greater) than it. A NaN belongs at the end.
    /// </summary>
    /// <param name="values">The values: of any shape for a vector, else of the same sizes in all dimensions but the last.</param>
    /// <param name="right">Whether it belongs behind elements that are equal to it.</param>
    /// <param name="sorter">The places of the elements in order, where this tensor is not sorted: of <see cref="ArgSort"/>.</param>
    /// <param name="outInt32">Whether the places are Int32.</param>
    /// <returns>An Int64 tensor of the shape of the values, or an Int32 one.</returns>
    /// <exception cref="ShapeException">The sizes differ, or this tensor has no dimensions.</exception>
    public Tensor SearchSorted(Tensor values, bool right = false, Tensor? sorter = null, bool outInt32 = false)
    {
        try
        {
            return SearchSortedOp.Apply(sorter is null ? Detach() : Detach().Gather(-1, sorter), values.Given(), right)
                .To(outInt32 ? DType.Int32 : DType.Int64);
        }
        catch (TensorException e) when (e.IsOf(nameof(SearchSorted)))
        {
            throw;
        }
    }

    /// <summary>
    /// For each element the number of the interval that it is in: as <see cref="SearchSorted"/>, asked the other way round.
    /// </summary>
    /// <param name="boundaries">The bounds of the intervals, a sorted vector.</param>
    /// <param name="right">Whether an element that equals a bound belongs to the interval above it: intervals are then [a, b).</param>
    /// <param name="outInt32">Whether the numbers are Int32.</param>
    /// <returns>An Int64 tensor of the shape of this one, or an Int32 one.</returns>
    /// <exception cref="ShapeException">The bounds are no vector.</exception>
    public Tensor Bucketize(Tensor boundaries, bool right = false, bool outInt32 = false)
    {
        try
        {
            return SearchSortedOp.Bucketed(this, boundaries.Given(), right).To(outInt32 ? DType.Int32 : DType.Int64);
        }
        catch (TensorException e) when (e.IsOf(nameof(Bucketize)))
        {
            throw;
        }
    }
}

/// <summary>y = how many of the sorted x are less than v, or not greater.</summary>
internal readonly struct SearchSortedOp(bool right) : ITensorOperation, IByHand
{
    public string Name => "searchsorted";

    public void Describe(OpAttributes to) => to.Add("right", right);

    internal static Tensor Bucketed(Tensor x, Tensor boundaries, bool right) => boundaries.NDim == 1 ? Apply(boundaries, x, right)
        : throw new ShapeException($"Bucketize: the boundaries must be a vector, but have shape {boundaries.Shape}.");

    internal static Tensor Apply(Tensor sorted, Tensor values, bool right)
    {
        bool fits = sorted.NDim == 1 || (sorted.NDim > 1 && sorted.NDim == values.NDim
            && sorted.Shape.Sizes[..^1].SequenceEqual(values.Shape.Sizes[..^1]));
        if (!fits)
            throw new ShapeException(
                $"SearchSorted: values of shape {values.Shape} cannot be looked up in a tensor of shape {sorted.Shape}: it must "
                + "be a vector, or "
                + "have their sizes in all dimensions but the last.");
        DType dtype = Promotion.Of(sorted, values);
        return Door.Run(new SearchSortedOp(right), Binary.Operand(sorted.Detach(), dtype), Binary.Operand(values.Detach(), dtype));
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor sorted = Elements.ToContiguous(inputs[0]!), values = Elements.ToContiguous(inputs[1]!),
            y = Tensor.Uninitialized(here, values.Shape, DType.Int64);
        var work = new Work(sorted, values, y, right);
        Dispatch.Number(sorted.DType, ref work);
        return y;
    }

    // All that are before it are counted: the same number, without the halving.
    public void Write(Hand hand)
    {
        HandTensor sorted = hand.Input(0), values = hand.Input(1), y = hand.Result;
        if (y.Shape.NumEl == 0) return;
        // Truth values are compared as 0 and 1.
        string isAfter = right ? ">" : ">=", word = sorted.DType.IsBool ? "byte" : sorted.Word;
        void Count(HandTensor row, HandTensor value, HandTensor place) => hand.Scope(() =>
        {
            hand.Line("long before = 0;");
            hand.Each(e => hand.Block(
                $"if (!({hand.Element(e[0], word)} {isAfter} {hand.Element(value, word)}))", () => hand.Line("before++;")), row);
            hand.Store(place, "before");
        });
        if (sorted.Shape.NDim == 1) hand.Each(e => Count(sorted, e[0], e[1]), values, y);
        else hand.Over(sorted.Shape.NDim - 1, e => hand.Each(each => Count(e[0], each[0], each[1]), e[1], e[2]), sorted, values, y);
    }

    private readonly struct Work(Tensor sorted, Tensor values, Tensor y, bool right) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            int n = sorted.Shape[-1], count = sorted.NDim == 1 ? values.NumEl : values.Shape[-1];
            Kernels.PlacesAmongSorted.Find<T>(memory.Of<T>(sorted), n, memory.Of<T>(values), count, memory.Of<long>(y), right);
        }
    }
}

public static partial class OpTable
{
    private static Op SearchSorted => Op.Of(OpKind.Zero, "searchsorted", (x, y) => x.Sort(1).Values.SearchSorted(y), Matrix, Matrix,
        new() { Formula = "how many of the sorted x are less than y", Torch = "torch.searchsorted(x.sort(1).values, y)" });

    private static Op Bucketize => Op.Of(OpKind.Zero, "bucketize", (x, y) => x.Bucketize(y.Sort().Values, right: true), Matrix, Row,
        new() { Formula = "how many of the sorted y are not greater than x", Torch = "torch.bucketize(x, y.sort().values, right=True)" });
}
