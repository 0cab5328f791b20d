namespace Adjoint.Nn;

/// <summary>
/// In which order the rows of packed sequences are gone through: step by step, of which later ones may have fewer sequences.
/// </summary>
/// <param name="BatchSizes">How many sequences each step has; never more than the step before.</param>
/// <param name="IsReversed">Whether the last step is the first.</param>
internal readonly record struct RecurrentOrder(int[] BatchSizes, bool IsReversed)
{
    // Note [State of packed sequences]
    // The sequences lie in order of their lengths, the longest first, so that the ones of a step are the first rows of the state. Forward,
    // the rows of a sequence that has ended keep its last state; backward in time, those of one that has not begun keep its first. So one
    // rule is right for both: a step changes as many of the first rows as it has sequences, and after the last step the state is the
    // result.

    /// <summary>All rows of all steps.</summary>
    internal int Rows => BatchSizes.Sum();

    /// <summary>The first row of each step and how many it has, in the order of the steps.</summary>
    internal (int Start, int Count)[] Steps()
    {
        var steps = new (int, int)[BatchSizes.Length];
        for (int t = 0, start = 0; t < steps.Length; start += BatchSizes[t++]) steps[t] = (start, BatchSizes[t]);
        if (IsReversed) Array.Reverse(steps);
        return steps;
    }
}
