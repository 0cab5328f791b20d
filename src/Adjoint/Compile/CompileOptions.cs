namespace Adjoint;

/// <summary>How a function is compiled.</summary>
/// <param name="IsStep">Whether it is a step, whose results have no history.</param>
/// <param name="Verify">Every so many runs it is captured again and compared; null: ever more seldom.</param>
/// <param name="Fallback">Whether what cannot be captured is called as it is.</param>
/// <param name="KeepsGradients">Whether the gradients of what the function holds are there after a run.</param>
/// <remarks>
/// // Note [Verified ever more seldom]
/// To verify is to capture, which takes as long as a hundred runs of numbers. What changes between calls, beyond what is looked at before
/// every run, mostly does so early. So it is verified after 16 runs, 64, 256, … and from a million on every million: less than a tenth of
/// a percent of the time. Where thousands of operations are captured it begins later, after as many runs as have paid for the capture.
/// </remarks>
internal sealed record CompileOptions(bool IsStep, int? Verify, bool Fallback, bool KeepsGradients)
{
    private const long First = 16, Longest = 1 << 20;

    /// <summary>After how many runs in all a function of so many operations is captured again, when there were some.</summary>
    internal long NextVerification(long runs, int operations)
    {
        if (Verify is { } every) return every == 0 ? long.MaxValue : runs - runs % every + every;
        if (runs >= Longest) return runs - runs % Longest + Longest;
        long next = First;
        while (next <= runs || (next < operations / First && next < Longest)) next *= 4;
        return next;
    }
}
