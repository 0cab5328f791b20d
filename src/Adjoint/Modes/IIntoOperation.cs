namespace Adjoint;

/// <summary>
/// An operation that can write its results to memory that is there, with the bits that it has in memory of its own. For programs that
/// are run again and again: nothing is recorded, and no memory is made.
/// </summary>
internal interface IIntoOperation : IOperation
{
    /// <summary>Whether it can, for operands and results as they are in a call.</summary>
    bool GoesInto(GraphOperation call);

    /// <summary>Whether it reads each element of its operands only before it writes the same one of its results.</summary>
    bool MayOverwrite { get; }

    /// <summary>Runs it.</summary>
    /// <param name="x">Its inputs.</param>
    /// <param name="results">
    /// Where its results go, contiguous; null for one that nobody asked for. Where it is recorded, behind them goes what its rule saves
    /// besides.
    /// </param>
    void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results);
}

/// <summary>An operation that is a formula of single numbers, where all its operands and results are single numbers.</summary>
internal interface IScalarOperation : IOperation
{
    /// <summary>The formulas of its results, each of all its inputs; null for a result that nobody asked for.</summary>
    /// <param name="dtype">The dtype of all operands and results, of floating point.</param>
    /// <returns>The steps; null if it has none.</returns>
    IScalarStep?[]? Scalars(DType dtype);
}

/// <summary>What calls have in common that can write to memory that is there.</summary>
internal static class IntoCalls
{
    /// <summary>
    /// Whether all operands are of the dtype of the results, which is one of floating point, and the results lie one element after the
    /// other.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="saved">How much its rule saves besides, which lies as results do.</param>
    internal static bool ArePlain(GraphOperation call, int saved = 0)
    {
        if (call.Saved.Count != saved || call.Changes.Count > 0) return false;
        DType? dtype = null;
        for (int i = 0; i < call.Results.Count + saved; i++)
        {
            GraphTensor? y = i < call.Results.Count ? call.Results[i] : call.Saved[i - call.Results.Count].Tensor;
            if (y is null) continue;
            if (!y.IsContiguous || !y.IsWhole || !y.DType.IsFloatingPoint || y.Value.Version != 0 || y.Shape.NumEl == 0) return false;
            dtype ??= y.DType;
            if (y.DType != dtype) return false;
        }
        foreach (GraphTensor? x in call.Inputs)
            if (x is not null && x.DType != dtype) return false;
        return dtype is not null;
    }
}
