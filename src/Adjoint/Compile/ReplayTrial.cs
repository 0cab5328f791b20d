using System.Diagnostics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Finds out whether runs of a capture are faster than the function, while both are called for.</summary>
/// <remarks>
/// // Note [Never a loss]
/// A run computes what the function computes, to the bit, so each can stand in for the other, and which is faster is measured where it
/// matters: in the user's own calls. Now and then a few calls in turns are runs and calls of the function, and the fastest of each kind
/// count, which nothing that comes in between makes faster. The first rounds only have the function's code compiled as well as that of
/// runs is by then. Where runs have been slower by more than a tenth in two rounds, the function itself is called from then on. (A
/// program of single numbers is never slower: it is not measured.)
/// </remarks>
internal sealed class ReplayTrial
{
    // Rounds begin after so many calls, and are so long.
    private const int Length = 32;
    private static readonly long[] s_rounds = [64, 256, 1024, 8192, 1 << 16];
    private const long Never = long.MaxValue;

    // Of the rounds, from this one on they are measured; and so many must be lost.
    private const int Measured = 2, MostLost = 2;

    private int _round, _turn, _lost, _isBusy;
    private long _fastestRun = Never, _fastestCall = Never;
    private long _next = s_rounds[0];
    private CollectionBudget.Mark _before;

    /// <summary>How many calls went to the function.</summary>
    internal int Calls { get; private set; }

    /// <summary>Why the function itself is called from now on; null where it is not.</summary>
    internal string? Verdict { get; private set; }

    /// <summary>Whether a call after so many runs is one of a round: it ends with <see cref="End"/>, and others are runs.</summary>
    internal bool IsTurn(long runs)
    {
        if (runs < _next || Interlocked.Exchange(ref _isBusy, 1) != 0) return false;
        if (_turn == 0) _before = CollectionBudget.Now;
        return true;
    }

    /// <summary>Whether this turn is the function's.</summary>
    internal bool IsOfFunction => (_turn & 1) != 0;

    /// <summary>A turn ends, with the time that it took; without one where it threw.</summary>
    internal void End(long? ticks)
    {
        if (ticks is { } time)
        {
            if (IsOfFunction) _fastestCall = Math.Min(_fastestCall, time);
            else _fastestRun = Math.Min(_fastestRun, time);
        }
        if (IsOfFunction) Calls++;
        if (++_turn == 2 * Length) EndRound();
        Volatile.Write(ref _isBusy, 0);
    }

    private void EndRound()
    {
        if (_round >= Measured && _fastestRun != Never && _fastestCall != Never)
        {
            _lost = _fastestRun > _fastestCall + _fastestCall / 10 ? _lost + 1 : 0;
            if (_lost == MostLost)
                Verdict = $"a run took {Stopwatch.GetElapsedTime(0, _fastestRun).TotalMicroseconds:F1} µs, and the function itself "
                    + $"{Stopwatch.GetElapsedTime(0, _fastestCall).TotalMicroseconds:F1} µs: there is nothing to be gained";
        }
        (_turn, _fastestRun, _fastestCall) = (0, Never, Never);
        // What calls of the function left behind: runs make nothing that would have it collected.
        CollectionBudget.LookAfter(_before);
        // The last one is looked at twice, where it is lost.
        if (_lost == 0 || _round < s_rounds.Length - 1) _round++;
        _next = _round < s_rounds.Length ? Math.Max(_next + 1, s_rounds[_round]) : Never;
    }
}
