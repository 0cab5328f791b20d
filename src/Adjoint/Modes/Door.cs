using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The one place that every operation on tensors passes: forward, in backward rules, fills, draws and sums of gradients.</summary>
/// <remarks>
/// // Note [One door]
/// With no mode set an operation goes straight to its kernel: whether one is set is one bit of the word that the operation looks at
/// anyway (Note [One look]). With one, the call becomes an object and goes through the modes from the outermost in: check, profile,
/// capture, batch (<see cref="ModeLayer"/>), and then to the operation, which carries tangents and is recorded. A mode is off while it
/// runs, so that what it computes itself passes only the modes further in; and while the operation runs all are off: what it is made of
/// belongs to it. Backward rules and tangents of recorded operations are calls of their own when they are computed.
///
/// A tensor that gets new memory elsewhere than behind the door is found by <see cref="Stray"/>, which the tests listen to.
/// </remarks>
internal static class Door
{
    /// <summary>Told of each tensor that, under a mode, gets memory from no operation.</summary>
    internal static Action<string>? Stray { get; set; }

    /// <summary>
    /// Whether calls have to be shown to a mode; asked by drivers of what is small and often called, before they make a call of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsWatched(Here here) => here.Has(GradMode.Switch.Watched);

    /// <summary>Runs an operation with one result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Run<TOp>(TOp op, params ReadOnlySpan<Tensor?> x) where TOp : struct, ITensorOperation => Run(Here.Now, op, x);

    /// <inheritdoc cref="Run{TOp}(TOp, ReadOnlySpan{Tensor})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Run<TOp>(Here here, TOp op, params ReadOnlySpan<Tensor?> x) where TOp : struct, ITensorOperation =>
        here.Has(GradMode.Switch.Watched) ? Watched(op, x) : op.Run(here, x);

    /// <summary>Runs an operation with several results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor?[] RunMany<TOp>(TOp op, params ReadOnlySpan<Tensor?> x) where TOp : struct, ITensorsOperation
    {
        Here here = Here.Now;
        return here.Has(GradMode.Switch.Watched) ? WatchedMany(op, x) : op.Run(here, x);
    }

    /// <summary>The rest of the way of a call.</summary>
    internal static IReadOnlyList<Tensor?> GoOn(OpCall call)
    {
        ModeState now = ModeState.Now;
        if (now.Rare.Outermost is not { } stack) return call.Execute();
        if (stack.Mode.MayKeep) Show(call.Inputs);
        IReadOnlyList<Tensor?> results;
        using (UserCode.In(now.Within(stack.Inner))) results = stack.Mode.Handle(call);
        Check(stack.Mode, call, results);
        if (stack.Mode.MayKeep) Show(results);
        return results;
    }

    /// <summary>Tells <see cref="Stray"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ReportStray(string what) => Stray?.Invoke(what);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Watched<TOp>(TOp op, ReadOnlySpan<Tensor?> x) where TOp : struct, ITensorOperation =>
        GoOn(new TensorCall<TOp>(op, OpCall.All(op, x)))[0]!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor?[] WatchedMany<TOp>(TOp op, ReadOnlySpan<Tensor?> x) where TOp : struct, ITensorsOperation =>
        [.. GoOn(new TensorsCall<TOp>(op, OpCall.All(op, x)))];

    // A mode may keep what it sees, so nothing of it is given back early.
    private static void Show(IReadOnlyList<Tensor?> tensors)
    {
        foreach (Tensor? x in tensors)
            x?.ShareMemory();
    }

    private static void Check(OpMode mode, OpCall call, IReadOnlyList<Tensor?>? results)
    {
        if (results is null || results.Count == 0 || (results.Count == 1 && results[0] is null))
            throw new AutogradException(
                $"{call.Name}: the mode {mode.GetType().Name} returned no result. Return what call.Run() gives, or other tensors.");
        if (call.HasOneResult && results.Count != 1)
            throw new AutogradException(
                $"{call.Name}: has one result, but the mode {mode.GetType().Name} returned {results.Count} results.");
        if (call.IsInPlace && !ReferenceEquals(results[0], call.Inputs[0]))
            throw new AutogradException(
                $"{call.Name}: changes its first input, so that is its result; the mode {mode.GetType().Name} returned another tensor.");
    }

    /// <summary>
    /// What the library reads of tensors, until the end of the <c>using</c> block: copies that are made to hand elements out are no
    /// operations. For code that calls none of the user's.
    /// </summary>
    internal readonly ref struct Aside
    {
        private readonly Here _here;
        private readonly GradMode.Switch _before;

        private Aside(Here here)
        {
            (_here, _before) = (here, here.On);
            here.On = _before & ~GradMode.Switch.Watched;
        }

        internal static Aside Begin() => new(Here.Now);

        public void Dispose() => _here.On = _before;
    }
}
