namespace Adjoint.Nn;

/// <summary>Targets with a blank before, between and behind their labels, and how a way through them goes on.</summary>
/// <param name="labels">[N, 2S + 1].</param>
/// <param name="lengths">How many steps each sequence has: [N, 1].</param>
/// <param name="ends">The place of the last blank of each target: [N, 1].</param>
/// <param name="blank">The blank label.</param>
internal readonly struct CtcAlignment(Tensor labels, Tensor lengths, Tensor ends, int blank)
{
    // See Note [A logarithm of nothing].
    private const double Nothing = Kernels.Alignments.Nothing;

    /// <summary>Checks shapes, dtypes and lengths.</summary>
    internal static CtcAlignment Of(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths, int blank)
    {
        MarginLosses.CheckFloat("CtcLoss", logProbs, nameof(logProbs));
        if (logProbs.NDim is not (2 or 3))
            throw new ShapeException($"CtcLoss: logProbs must be [T, N, C] or [T, C], but its shape is {logProbs.Shape}.");
        int steps = logProbs.Shape[0], batch = logProbs.NDim == 2 ? 1 : logProbs.Shape[1], classes = logProbs.Shape[-1];
        if (blank < 0 || blank >= classes)
            throw new ArgumentOutOfRangeException(nameof(blank), blank, $"CtcLoss: the blank must be one of the {classes} classes.");
        if (steps == 0) throw new ShapeException($"CtcLoss: logProbs of shape {logProbs.Shape} has no steps.");
        if (targets.DType.Row.Kind != DTypeKind.Whole)
            throw new DTypeException($"CtcLoss: targets must be of integers, but are {targets.DType} {targets.Shape}.");
        bool isMatrix = targets.NDim == 2 && targets.Shape[0] == batch;
        if (!isMatrix && targets.NDim != 1)
            throw new ShapeException(
                $"CtcLoss: targets must be [N, S] or a vector for a batch of {batch}, but their shape is {targets.Shape}.");
        Tensor lengths = Lengths(inputLengths, nameof(inputLengths), batch, steps);
        Tensor counts = Lengths(targetLengths, nameof(targetLengths), batch, isMatrix ? targets.Shape[1] : targets.NumEl);
        Tensor labels = isMatrix ? targets.To(DType.Int64) : Rows(targets.To(DType.Int64), counts.ToArray<long>());
        return new CtcAlignment(WithBlanks(labels, counts, blank), lengths, counts * 2, blank);
    }

    private static Tensor Lengths(Tensor lengths, string parameter, int batch, int most)
    {
        if (lengths.DType.Row.Kind != DTypeKind.Whole || lengths.NumEl != batch || lengths.NDim > 1)
            throw new ShapeException(
                $"CtcLoss: {parameter} must be one whole number for each of {batch} sequences, but is {lengths.DType} {lengths.Shape}.");
        MarginLosses.CheckRange("CtcLoss", lengths, parameter, most);
        return lengths.To(DType.Int64).Reshape(batch, 1);
    }

    /// <summary>Targets that stand one after the other, in rows of the length of the longest.</summary>
    private static Tensor Rows(Tensor targets, long[] counts)
    {
        if (counts.Sum() != targets.NumEl)
            throw new ShapeException($"CtcLoss: targetLengths add up to {counts.Sum()}, but there are {targets.NumEl} labels.");
        int width = (int)counts.DefaultIfEmpty().Max();
        var places = new long[checked(counts.Length * width)];
        long first = 0;
        for (int n = 0; n < counts.Length; first += counts[n++])
            for (int s = 0; s < counts[n]; s++) places[n * width + s] = first + s;
        return targets.IndexSelect(0, Tensor.From(places)).Reshape(counts.Length, width);
    }

    private static Tensor WithBlanks(Tensor targets, Tensor counts, int blank)
    {
        (int batch, int width) = (targets.Shape[0], targets.Shape[1]);
        Tensor blanks = Tensor.Zeros([batch, width + 1], DType.Int64) + blank;
        Tensor labels = Tensor.Where(Tensor.Arange(width).To(DType.Int64) < counts, targets, blanks.Narrow(1, 0, width));
        return Tensor.Cat([Tensor.Stack([blanks.Narrow(1, 0, width), labels], -1).Reshape(batch, 2 * width), blanks.Narrow(1, 0, 1)], 1);
    }

    /// <summary>The loss of each sequence. See Note [The alignments are one operation].</summary>
    internal Tensor Loss(Tensor logProbs, bool zeroInfinity) => ForwardMode.Level != 0 ? Composed(logProbs, zeroInfinity)
        : Door.Run(new CtcOp(blank, zeroInfinity), logProbs, labels, lengths, ends);

    /// <summary>The same in tensor operations: over the steps, with the logarithms of the sums of all ways to each place.</summary>
    internal Tensor Composed(Tensor logProbs, bool zeroInfinity)
    {
        (int steps, int batch, int places) = (logProbs.Shape[0], logProbs.Shape[1], labels.Shape[1]);
        Tensor emitted = logProbs.ClampMin(Nothing).Gather(2, labels.Unsqueeze(0).Expand(steps, batch, places));
        Tensor nothing = Tensor.Full([batch, 2], Nothing, logProbs.DType), skip = Skips(logProbs.DType);
        Tensor place = Tensor.Arange(places).To(DType.Int64);
        Tensor ways = emitted.Select(0, 0).MaskedFill((place >= 2) | (place > ends), Nothing);
        for (int t = 1; t < steps; t++)
        {
            Tensor all = Tensor.Cat([nothing, ways], 1);
            Tensor next = ways.LogAddExp(all.Narrow(1, 1, places)).LogAddExp(all.Narrow(1, 0, places) + skip) + emitted.Select(0, t);
            // Beyond its last step a sequence stays as it is.
            ways = Tensor.Where(lengths > (long)t, next, ways);
        }
        Tensor last = ways.Gather(1, ends), before = ways.Gather(1, (ends - 1).ClampMin(0)).MaskedFill(ends.Eq(0), Nothing);
        Tensor likelihood = last.LogAddExp(before), isStill = lengths.Eq(0);
        // Without a step only the empty target has a way.
        Tensor isNone = likelihood.Detach() < Nothing / 10 | isStill & ends.Ne(0);
        Tensor loss = (-likelihood).MaskedFill(isNone, zeroInfinity ? 0 : double.PositiveInfinity);
        return loss.MaskedFill(isStill & ends.Eq(0), 0).Squeeze(1);
    }

    /// <summary>0 where a way may leave out the blank before a place: between two labels that differ.</summary>
    private Tensor Skips(DType dtype)
    {
        int places = labels.Shape[1];
        Tensor none = Tensor.Full(labels.Shape, Nothing, dtype);
        if (places < 3) return none;
        Tensor label = labels.Narrow(1, 2, places - 2), may = label.Ne(blank) & label.Ne(labels.Narrow(1, 0, places - 2));
        return Tensor.Cat([none.Narrow(1, 0, 2), none.Narrow(1, 2, places - 2).MaskedFill(may, 0)], 1);
    }
}
