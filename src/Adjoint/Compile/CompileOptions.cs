using System.Numerics;

namespace Adjoint;

/// <summary>How a function is compiled.</summary>
/// <param name="IsStep">Whether it is a step, whose results have no history.</param>
/// <param name="Verify">Every so many runs it is captured again and compared; null: ever more seldom.</param>
/// <param name="Fallback">Whether what cannot be captured is called as it is.</param>
/// <remarks>
/// // Note [Verified ever more seldom]
/// To verify is to capture, which takes as long as a hundred runs of numbers. What changes between calls, beyond what is looked at before
/// every run, mostly does so early. So it is verified after 16 runs, 64, 256, … and from a million on every million: less than a tenth of
/// a percent of the time.
/// </remarks>
internal sealed record CompileOptions(bool IsStep, int? Verify, bool Fallback)
{
    private const long First = 16, Longest = 1 << 20;

    /// <summary>Whether the function is captured again before the next run.</summary>
    internal bool IsTimeToVerify(long runs)
    {
        if (Verify is { } every) return runs > 0 && every > 0 && runs % every == 0;
        if (runs > Longest) return (runs & (Longest - 1)) == 0;
        return runs >= First && (runs & (runs - 1)) == 0 && (BitOperations.TrailingZeroCount(runs) & 1) == 0;
    }
}
