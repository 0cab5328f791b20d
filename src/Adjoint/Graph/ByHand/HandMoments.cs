namespace Adjoint;

/// <summary>Writes means and variances: of floats in double, in the order of the kernel.</summary>
internal static class HandMoments
{
    /// <summary>Mean and variance over dimensions.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="x">Of what.</param>
    /// <param name="dims">Over which dimensions.</param>
    /// <param name="variance">Where the variance goes, if it is wanted.</param>
    /// <param name="mean">Where the mean goes, if it is wanted.</param>
    /// <param name="correction">What is taken off the count for the variance.</param>
    /// <param name="root">Whether its root is wanted.</param>
    internal static void Write(Hand hand, HandTensor x, int[] dims, HandTensor? variance, HandTensor? mean, double correction, bool root)
    {
        int[] kept = [.. Enumerable.Range(0, x.Shape.NDim).Where(d => !dims.Contains(d))];
        HandTensor[] targets = [.. new[] { variance, mean }.OfType<HandTensor>().Select(y => HandSums.Kept(y, kept))];
        string word = x.Word;
        hand.Over(kept.Length, e =>
        {
            HandTensor row = e[^1];
            string moments = Of(hand, row);
            if (mean is not null) hand.Store(e[^2], Hand.Converted($"{moments}.Mean", "double", word));
            if (variance is null) return;
            string count = CodeWriter.Number(Math.Max(0, row.Shape.NumEl - correction), "double", isTyped: true);
            string value = $"{moments}.Squares / {count}";
            hand.Store(e[0], Hand.Converted(root ? $"Math.Sqrt({value})" : value, "double", word));
        }, [.. targets, x.Permuted([.. kept, .. dims])]);
    }

    /// <summary>The mean of a row and the sum of the squares of what deviates from it, as a variable.</summary>
    internal static string Of(Hand hand, HandTensor row)
    {
        string word = row.Word;
        (int Size, int[] Strides)[] dims = HandLoops.Merged(row.Shape.NDim, [row]);
        if (dims.Length > 1)
        {
            HandTensor copy = hand.New("row", row.Shape, row.DType);
            hand.Copy(row, copy);
            (row, dims) = (copy, [(row.Shape.NumEl, [1])]);
        }
        int n = row.Shape.NumEl;
        NeedSums(hand, word);
        hand.Needs(HandMomentsText.Moments, word);
        int step = dims.Length == 0 ? 1 : dims[0].Strides[0];
        hand.Line($"(double Mean, double Squares) moments = Moments({hand.Whole(row)}, {row.Place}, {step}, {n});");
        return "moments";
    }

    /// <summary>Needs the sums of a row and of what it deviates.</summary>
    internal static void NeedSums(Hand hand, string word)
    {
        if (word == "float") hand.Needs(HandMomentsText.InPairs, word);
        else HandFold.Sum.OfRow(hand, word, "", "", "", HandFoldText.Leaf + 1, false);
        hand.Needs(word == "float" ? HandMomentsText.TotalOfFloats : HandMomentsText.TotalOfDoubles, word);
        hand.Needs(word == "float" ? HandMomentsText.DeviatingOfFloats : HandMomentsText.DeviatingOfDoubles, word);
    }
}
