namespace Adjoint;

/// <summary>
/// Writes reductions: short ones as plain loops, longer ones as calls of the methods that combine in the order of the kernel.
/// </summary>
internal static class HandSums
{
    private const int FourRows = 4;

    /// <summary>target = fold of x over dimensions.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="fold">What elements are combined by.</param>
    /// <param name="x">What is reduced.</param>
    /// <param name="dims">Over which dimensions.</param>
    /// <param name="target">The result, with these dimensions as size 1 or without them.</param>
    /// <param name="finish">What is done to each result last.</param>
    internal static void Write(
        Hand hand, HandFold fold, HandTensor x, int[] dims, HandTensor target, Func<string, string>? finish = null)
    {
        if (x.DType.IsBool)
        {
            HandTensor bits = hand.New("bits", x.Shape, DType.UInt8);
            hand.Copy(x, bits);
            x = bits;
        }
        ReductionOrder order = Reduction.OrderOf(x.Shown(), dims, fold == HandFold.Sum);
        int[] kept = [.. Enumerable.Range(0, x.Shape.NDim).Where(d => !dims.Contains(d))];
        HandTensor results = Kept(target, kept);
        HandTensor ordered = x.Permuted([.. kept, .. order.Dims]);
        hand.Scope(() => hand.Over(kept.Length, e =>
        {
            // A variable is summed up where it is.
            string? own = hand.IsVariable(e[0].Memory) && e[0].Word == x.Word ? hand.Name(e[0].Memory) : null;
            One(hand, fold, e[1], order, value =>
            {
                if (finish is not null) value = finish(value);
                if (target.DType.IsBool) value = Hand.Converted(value, "byte", "bool");
                if (value != own) hand.Store(e[0], value);
            }, own ?? "sum");
        }, results, ordered));
    }

    /// <summary>
    /// Writes something for each result of a reduction: of what is left of x, the reduced dimensions in order, and the result.
    /// </summary>
    internal static void Rows(Hand hand, HandTensor x, int[] dims, HandTensor target, Action<HandTensor, HandTensor> body,
        bool asItLies = false)
    {
        int[] kept = [.. Enumerable.Range(0, x.Shape.NDim).Where(d => !dims.Contains(d))];
        int[] reduced = asItLies ? Reduction.OrderOf(x.Shown(), dims, isSum: false).Dims : dims;
        hand.Over(kept.Length, e => body(e[1], e[0]), Kept(target, kept), x.Permuted([.. kept, .. reduced]));
    }

    // The result without the reduced dimensions, if it has them.
    internal static HandTensor Kept(HandTensor target, int[] kept) => target.Shape.NDim == kept.Length ? target : target.As(
        Shape.Of([.. kept.Select(d => target.Shape[d])]), [.. kept.Select(d => target.Strides[d])], target.Offset);

    /// <summary>The fold of all that is left of x, and what is done with it.</summary>
    internal static void One(Hand hand, HandFold fold, HandTensor x, ReductionOrder order, Action<string> store, string sum = "sum")
    {
        string word = x.Word;
        int n = x.Shape.NumEl;
        bool isReal = x.DType.IsFloatingPoint;
        // Up to here the order is the plain one.
        int few = order.Inner > 1 ? FourRows : 32 / x.DType.Size;
        if (!isReal || n < few)
        {
            hand.Line($"{(sum == "sum" ? word + " " : "")}{sum} = {fold.Start(word)};");
            hand.Each(e => hand.Line(fold.Add(hand, sum, hand.Element(e[0], word), word)), x);
            store(sum);
            return;
        }
        (int Size, int[] Strides)[] dims = HandLoops.Merged(x.Shape.NDim, [x]);
        if (dims.Length > 1)
        {
            HandTensor row = hand.New("row", Shape.Of([.. dims.Select(d => d.Size)]), x.DType);
            hand.Copy(x.As(row.Shape, [.. dims.Select(d => d.Strides[0])], x.Offset), row);
            x = row;
            dims = [(n, [1])];
        }
        (string array, string start, string step) = (hand.Whole(x), x.Place, $"{dims[0].Strides[0]}");
        store(order.Inner > 1
            ? fold.OfColumn(hand, word, array, start, step, n, order.Band) : fold.OfRow(hand, word, array, start, step, n, order.InPieces));
    }
}
