using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What is known of a compiled function: its captures, and when it is called as it is.</summary>
internal sealed partial class Replays
{
    /// <summary>So many captures are kept.</summary>
    private const int Most = 8;

    // After so many captures that were of no use for long, the function is called as it is.
    private const int MostMisses = 4 * Most;

    private const string Shared = "an argument lies in memory that the function also holds, or another argument has";

    // What goes through the function itself.
    private const GradMode.Switch Others = ~(GradMode.Switch.NoGrad | GradMode.Switch.Inference);

    private readonly Lock _capturing = new();
    private readonly Delegate _function;
    private readonly Func<Tensor[], IReadOnlyList<Tensor>> _call;
    private readonly string?[] _names;
    private readonly CompileOptions _options;
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _noted = [];
    // Of a step, and of what turns out to change tensors that stay. See Note [Steps take turns].
    private ReplayTurns? _turns;
    private Replay[] _kept = [];
    private (Signature Signature, string Why)[] _asItIs = [];
    private WeakReference<object>[] _shared = [];
    private int _captures, _misses, _changes;
    private long _eagerCalls;

    internal Replays(Delegate function, Func<Tensor[], IReadOnlyList<Tensor>> call, string?[] names, CompileOptions options)
    {
        (_function, _call, _names, _options) = (function, call, names, options);
        if (options.IsStep) _turns = new ReplayTurns();
    }

    internal Delegate Function => _function;

    /// <summary>What was captured, and why what was not.</summary>
    internal string Explain()
    {
        var text = new System.Text.StringBuilder();
        Replay[] kept = _kept;
        text.AppendLine(kept.Length == 0 ? "nothing is captured yet" : $"{kept.Length} captured, {_captures} captures in all");
        foreach (Replay replay in kept) ReplayText.Describe(replay, text);
        if (_eagerCalls > 0) text.AppendLine($"{_eagerCalls} calls of the function as it is");
        lock (_notes) foreach (string note in _notes) text.AppendLine($"  because {note}");
        return text.ToString().TrimEnd();
    }

    private IReadOnlyList<Tensor>? Missed(
        Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, ResultKind kind, out Tensor? one)
    {
        one = null;
        if (WhyNotArguments(tensors) is { } unfit) return AsItIs(arguments, unfit);
        foreach ((Signature signature, string reason) in _asItIs)
            if (signature.Fits(here, tensors)) return AsItIs(arguments, reason);
        string? why;
        ReplayTurns? turns = _turns;
        turns?.Enter(here);
        try
        {
            Replay? replay;
            lock (_capturing) replay = Find(here, arguments, tensors, numbers, out why);
            if (replay is not null)
            {
                // The first capture may have said that it changes what stays.
                if (turns is null && (turns = _turns) is not null) turns.Enter(here);
                return Run(replay, here, tensors, numbers, kind, arguments, out one);
            }
        }
        finally
        {
            turns?.Leave(here);
        }
        return AsItIs(arguments, why!);
    }

    // What arguments are that no run takes.
    private string? WhyNotArguments(Tensor[] tensors)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            Tensor x = tensors[i];
            if (x.HasHooks) return "an argument has hooks, whose C# code a run would not call";
            if (x.RequiresGrad && !x.IsLeaf || x.Base is { RequiresGrad: true })
                return "an argument has a history, which a run would not go on with";
            object memory = x.MemoryOwner;
            foreach (WeakReference<object> held in _shared)
                if (held.TryGetTarget(out object? known) && ReferenceEquals(known, memory)) return Shared;
            for (int j = 0; j < i; j++)
                if (ReferenceEquals(memory, tensors[j].MemoryOwner)) return Shared;
        }
        return null;
    }

    private Replay? Find(Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, out string? why)
    {
        why = null;
        Replay? found = Array.Find(_kept, known => known.HasNumbersOf(arguments) && known.Fits(here, tensors));
        if (found is not null) return found;
        if (_misses >= MostMisses)
        {
            why = $"it was captured {_captures} times, for something else each time: {WhatChanges()}";
            return null;
        }
        // What is looked at before capturing: a capture would call hooks.
        ClosureWatch watch = ClosureWatch.Of(_function);
        why = watch.TooMuch is { } much ? $"a variable of it: {much}"
            : watch.Unseen is { } unseen && _options.Verify is null
                ? $"the variables in {unseen} cannot be seen, since native code has no names of them. Where they never change, say how "
                    + "often that is to be verified: verify: 1000, or 0 for never"
            : null;
        if (why is null && (watch.HasHooks || Array.Exists(_kept, known => known.HasHooks)))
        {
            why = "a module that it calls has hooks, or a tensor, whose C# code a run would not call";
            return null;
        }
        if (why is null && Array.Exists(tensors, x => watch.Holds(x) || Array.Exists(_kept, known => known.Holds(x))))
        {
            why = Shared;
            return null;
        }
        if (why is null)
        {
            _misses++;
            try
            {
                if (WithOtherVariables(here, arguments, tensors, numbers, watch) is { } same) return same;
                if (Capture(here, arguments, tensors, numbers, watch, out why, out bool isLasting) is { } replay) return replay;
                if (!isLasting) return null;
            }
            catch (GraphException e) when (_options.Fallback)
            {
                why = e.Message;
            }
        }
        _asItIs = [(new Signature(here, tensors), why!), .. _asItIs.Take(Most - 1)];
        return null;
    }

    private string WhatChanges()
    {
        foreach (Replay known in _kept)
            if (known.Watch.FirstChanged() is { } changed)
                return $"the variable {changed.Name} of the function holds something else in each call: pass it as an argument, or as "
                    + "Graph.Number(() => …)";
        return "call it with tensors of few shapes";
    }

    // A variable holds something else: where that changes nothing now, the plan is the same for that as well.
    private Replay? WithOtherVariables(Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, ClosureWatch watch)
    {
        Replay[] others = Array.FindAll(_kept, known => known.HasNumbersOf(arguments) && !known.Watch.IsSame()
            && known.FitsButVariables(here, tensors));
        if (others.Length == 0) return null;
        int epoch = Structure.Epoch;
        GraphTrace trace = Again(arguments, tensors, numbers);
        if (!watch.IsSame())
        {
            watch.BringBack();
            return null;
        }
        foreach (Replay known in others)
        {
            if (GraphDifference.Between(known.Plan.Graph, trace.Graph, later: true) is not null
                || !known.Capture.HasLeavesOf(trace, tensors))
                continue;
            Replay same = new(known.Signature, known.Capture, known.Numbers, watch, epoch);
            if (!same.Fits(here, tensors)) continue;
            Keep(same);
            return same;
        }
        return null;
    }

    private Replay? Capture(
        Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, ClosureWatch watch, out string? why, out bool isLasting)
    {
        isLasting = true;
        int epoch = Structure.Epoch;
        CollectionBudget.Mark before = CollectionBudget.Now;
        ReplayCapture? both = null;
        try
        {
            both = ReplayCapture.Of(
                _function, tensors, TensorNames(arguments), Calling(arguments, numbers), _options.KeepsGradients);
        }
        finally
        {
            // Also of what it threw: the function is called again.
            if (both is null && !watch.IsSame()) watch.BringBack();
        }
        _captures++;
        if (both is null)
        {
            why = Shared;
            isLasting = false;
            _shared = [.. tensors.Select(x => new WeakReference<object>(x.SharedMemory())), .. _shared.Take(4 * Most)];
            return null;
        }
        if (watch.FirstChanged() is { } changed)
        {
            // The first time may only have been the first: what it remembers for good.
            isLasting = ++_changes > 2;
            why = $"it changes its own variables ({changed.Name}), which a run would not do";
            watch.BringBack();
            return null;
        }
        if (Open(both.First) is { } open)
        {
            why = open;
            return null;
        }
        if (both.First.Parts.Any(part => part.HasHooks))
        {
            why = "a module that it calls has hooks, whose C# code a run would not call";
            isLasting = false;
            return null;
        }
        why = both.WhyNot(tensors, watch);
        if (why is not null) return null;
        both.Settle(before);
        var replay = new Replay(new Signature(here, tensors), both, Array.ConvertAll(arguments, x => x.IsNumber), watch, epoch);
        if (!replay.Fits(here, tensors))
        {
            why = "what it holds shares memory, or is changed while it is captured";
            isLasting = false;
            return null;
        }
        Keep(replay);
        return replay;
    }

    private void Keep(Replay replay)
    {
        if (replay.Plan.ChangesWhatStays) _turns ??= new ReplayTurns();
        replay.VerifyAt = _options.NextVerification(0, replay.Plan.Graph.Operations.Count);
        _kept = [replay, .. _kept.Take(Most - 1)];
    }

    // Why the results could not be a run's.
    private string? Open(GraphTrace trace)
    {
        if (trace.OpenOutput < 0) return null;
        if (_options.IsStep)
            throw new GraphException(
                $"Compiled.Step: result {trace.OpenOutput} has a history that no backward pass of the step went through. A run gives results "
                + "without history, so a Backward() on it later would miss gradients. Call Backward in the step, or return a Detach() of it.");
        return "its results have a history, for a backward pass later. Compile the step with its Backward in it, or call it inside "
            + "Autograd.NoGrad()";
    }

    // A number among the arguments is asked for in every run, as Graph.Number is.
    private Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Calling(Tensor[] arguments, double[] numbers)
    {
        NumberArgument[] asked = [.. numbers.Select((value, i) => new NumberArgument(i) { Value = value })];
        return tensors =>
        {
            int number = 0, tensor = 0;
            return _call([.. arguments.Select(x => x.IsNumber ? Graph.Number(asked[number++].Ask) : tensors[tensor++])]);
        };
    }

    private string?[] TensorNames(Tensor[] arguments) =>
    [
        .. arguments.Select((x, i) => (IsTensor: !x.IsNumber, Name: i < _names.Length ? _names[i] : null))
            .Where(a => a.IsTensor).Select(a => a.Name),
    ];

    private GraphTrace Again(Tensor[] arguments, Tensor[] tensors, double[] numbers) =>
        ReplayCapture.Again(_function, tensors, TensorNames(arguments), Calling(arguments, numbers));

    private void Verify(Replay replay, Tensor[] arguments, Tensor[] tensors, double[] numbers)
    {
        lock (_capturing)
        {
            replay.Verified++;
            replay.VerifyAt = _options.NextVerification(replay.Runs, replay.Plan.Graph.Operations.Count);
            CollectionBudget.Mark before = CollectionBudget.Now;
            GraphDifference? found = Difference(replay, arguments, tensors, numbers);
            CollectionBudget.LookAfter(before);
            if (found is not { } difference) return;
            _kept = [.. _kept.Where(known => !ReferenceEquals(known, replay))];
            throw new GraphException(
                $"A compiled function is another one than when it was captured, {replay.Runs} runs ago: {difference.Message} What changed "
                + "cannot be seen before a run (docs/compile.md lists that), so some of these runs may have computed what they did before. "
                + "The next call captures it anew.");
        }
    }

    private GraphDifference? Difference(Replay replay, Tensor[] arguments, Tensor[] tensors, double[] numbers)
    {
        long runs = replay.Runs;
        try
        {
            return GraphDifference.Between(replay.Plan.Graph, Again(arguments, tensors, numbers).Graph, later: true);
        }
        catch (GraphException) when (replay.Runs != runs)
        {
            // Another thread runs it meanwhile, and so changes what is captured: another time.
            return null;
        }
        finally
        {
            replay.Watch.BringBack();
        }
    }

    private IReadOnlyList<Tensor> AsItIs(Tensor[] arguments, string why)
    {
        Interlocked.Increment(ref _eagerCalls);
        lock (_notes)
            if (_notes.Count < 20 && _noted.Add(why)) _notes.Add(why);
        return _call(arguments);
    }

    private static string WhyModes(GradMode.Switch on) =>
        (on & GradMode.Switch.Tangents) != 0 ? "tangents of forward mode are carried (Jvp, Hessian)"
        : (on & GradMode.Switch.Watched) != 0 ? "a mode watches the operations (a profile, a capture, CheckNaN)"
        : (on & GradMode.Switch.SavedHooks) != 0 ? "what is saved passes through hooks" : "anomalies are detected";
}

/// <summary>How many results a caller takes.</summary>
internal enum ResultKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>One.</summary>
    One,

    /// <summary>A list of them.</summary>
    Many,
}
