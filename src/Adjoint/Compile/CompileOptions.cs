using System.Numerics;

namespace Adjoint;

/// <summary>How a function is compiled.</summary>
/// <param name="IsStep">Whether it is a step, whose results have no history.</param>
/// <param name="Verify">Every so many runs it is captured again and compared.</param>
/// <param name="Fallback">Whether what cannot be captured is called as it is.</param>
internal sealed record CompileOptions(bool IsStep, int Verify, bool Fallback)
{
    private const int FirstVerified = 16;

    /// <summary>
    /// Whether the function is captured again before the next run: first after few runs, then ever more seldom, and every
    /// <see cref="Verify"/> runs.
    /// </summary>
    internal bool IsTimeToVerify(long runs) =>
        runs != 0 && Verify != 0 && (runs % Verify == 0 || (runs >= FirstVerified && runs < Verify && BitOperations.IsPow2(runs) && (BitOperations.Log2((ulong)runs) & 1) == 0));
}
