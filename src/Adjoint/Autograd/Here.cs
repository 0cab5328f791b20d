using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What a thread knows of itself: its modes, the clock of its graph, and an engine for its next backward pass.</summary>
/// <remarks>
/// // Note [One look]
/// Every operation asks whether to record, to carry tangents, to note the caller, to pack what it saves, and then numbers its node.
/// All of that lies in one object a thread, which an operation looks up once and hands on, because looking up costs more than
/// asking; and what differs from a plain program is one word of it: while that is zero, one look decides that none of it concerns
/// the operation. How modes go with the code from thread to thread: Note [Modes flow].
/// </remarks>
internal sealed class Here
{
    [ThreadStatic] private static Here? t_now;

    /// <summary>What differs from the plain mode of a new thread.</summary>
    internal GradMode.Switch On;

    /// <summary>The modes that are looked at rarely.</summary>
    internal Modes Rare;

    /// <summary>The number of the thread's newest node. See Note [Newest first].</summary>
    internal long Clock;

    /// <summary>The engines that no pass uses, the first of a list of them.</summary>
    internal Engine? Spare;

    /// <summary>The engine of the outermost pass that is under way.</summary>
    internal Engine? Running;

    /// <summary>A gradient of one element that a pass has done with, for the next. See Note [A gradient's own memory].</summary>
    internal Tensor? SpareNumber;

    /// <summary>The list of a <see cref="MemoryScope"/> that has ended, empty, for the next.</summary>
    internal Array? SpareList;

    /// <summary>Where new tensors come from, while <see cref="GradMode.Switch.Supplied"/> is on.</summary>
    internal ReplaySupply? Supply;

    private Here()
    {
    }

    /// <summary>That of the current thread. Not to be kept beyond a call: the caller may go on elsewhere.</summary>
    internal static Here Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_now ?? Begin();
    }

    /// <summary>Whether everything is as in a new thread: operations are recorded, and nothing else is asked of them.</summary>
    internal bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (On & ~GradMode.Switch.Scoped) == GradMode.Switch.None;
    }

    /// <summary>Whether operations are recorded or carry tangents.</summary>
    internal bool IsObserved
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (On & (GradMode.Switch.NoGrad | GradMode.Switch.Tangents)) != GradMode.Switch.NoGrad;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Has(GradMode.Switch which) => (On & which) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Here Begin() => t_now = new Here();
}
