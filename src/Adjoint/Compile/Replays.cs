namespace Adjoint;

/// <summary>What is known of a compiled function: its captures, and when it is called as it is.</summary>
internal sealed class Replays
{
    /// <summary>So many captures are kept.</summary>
    private const int Most = 8;

    // After so many captures that were of no use for long, the function is called as it is.
    private const int MostMisses = 4 * Most;

    // What goes through the function itself.
    private const GradMode.Switch Others = ~(GradMode.Switch.NoGrad | GradMode.Switch.Inference);

    private readonly Lock _capturing = new();
    private readonly Delegate _function;
    private readonly Func<Tensor[], IReadOnlyList<Tensor>> _call;
    private readonly string?[] _names;
    private readonly CompileOptions _options;
    private readonly ClosureWatch _variables;
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _noted = [];
    private Replay[] _kept = [];
    private (Signature Signature, string Why)[] _asItIs = [];
    private int _captures, _misses;
    private long _eagerCalls;

    internal Replays(Delegate function, Func<Tensor[], IReadOnlyList<Tensor>> call, string?[] names, CompileOptions options)
    {
        (_function, _call, _names, _options) = (function, call, names, options);
        _variables = new ClosureWatch(function);
    }

    /// <summary>Calls the function, by a run of what was captured where there is such.</summary>
    internal IReadOnlyList<Tensor> Call(Tensor[] arguments) => Call(arguments, ResultKind.Many, out _)!;

    /// <summary>Calls a function with one result.</summary>
    internal Tensor CallOne(params ReadOnlySpan<Tensor> arguments)
    {
        IReadOnlyList<Tensor>? all = Call(arguments, ResultKind.One, out Tensor? one);
        return one ?? all![0];
    }

    /// <summary>Calls a function without results.</summary>
    internal void CallNone(params ReadOnlySpan<Tensor> arguments) => Call(arguments, ResultKind.None, out _);

    private IReadOnlyList<Tensor>? Call(ReadOnlySpan<Tensor> arguments, ResultKind kind, out Tensor? one)
    {
        one = null;
        Here here = Here.Now;
        bool hasNumbers = false;
        foreach (Tensor x in arguments) hasNumbers |= x.Given().IsNumber;
        if ((here.On & Others) != 0) return AsItIs(arguments.ToArray(), WhyModes(here.On));
        if (hasNumbers) return CallWithNumbers(here, arguments.ToArray(), kind, out one);
        foreach (Replay replay in _kept)
        {
            if (!replay.Fits(here, arguments)) continue;
            if (_options.IsTimeToVerify(replay.Runs)) Verify(replay, arguments.ToArray(), arguments.ToArray(), []);
            return replay.Run(here, arguments, [], kind, out one);
        }
        return Missed(here, arguments.ToArray(), arguments.ToArray(), [], kind, out one);
    }

    private IReadOnlyList<Tensor>? CallWithNumbers(Here here, Tensor[] arguments, ResultKind kind, out Tensor? one)
    {
        one = null;
        if (Array.Exists(arguments, x => x.IsNumber && !x.DType.IsFloatingPoint))
            return AsItIs(arguments, "an argument is a whole number or a truth value of C#; pass a tensor, Tensor.Scalar(…), or a double");
        Tensor[] tensors = Array.FindAll(arguments, x => !x.IsNumber);
        double[] numbers = [.. arguments.Where(x => x.IsNumber).Select(x => x.AsNumber.ToDouble())];
        foreach (Replay replay in _kept)
        {
            if (replay.NumberCount != numbers.Length || !replay.Fits(here, tensors)) continue;
            if (_options.IsTimeToVerify(replay.Runs)) Verify(replay, arguments, tensors, numbers);
            return replay.Run(here, tensors, numbers, kind, out one);
        }
        return Missed(here, arguments, tensors, numbers, kind, out one);
    }

    /// <summary>What was captured, and why what was not.</summary>
    internal string Explain()
    {
        var text = new System.Text.StringBuilder();
        Replay[] kept = _kept;
        text.AppendLine(kept.Length == 0 ? "nothing is captured yet" : $"{kept.Length} captured, {_captures} captures in all");
        foreach (Replay replay in kept) ReplayText.Describe(replay, text);
        if (_eagerCalls > 0) text.AppendLine($"{_eagerCalls} calls of the function as it is");
        lock (_notes) foreach (string note in _notes) text.AppendLine($"  because {note}");
        for (int i = 0; i < _variables.Count; i++)
            if (_variables.Ignored[i])
                text.AppendLine($"the variable {_variables.NameOf(i)} changed without changing what is computed, and is not looked at");
        return text.ToString().TrimEnd();
    }

    private IReadOnlyList<Tensor>? Missed(
        Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, ResultKind kind, out Tensor? one)
    {
        one = null;
        foreach ((Signature signature, string reason) in _asItIs)
            if (signature.Fits(here, tensors)) return AsItIs(arguments, reason);
        Replay? replay;
        string? why;
        lock (_capturing) replay = Find(here, arguments, tensors, numbers, out why);
        return replay is null ? AsItIs(arguments, why!) : replay.Run(here, tensors, numbers, kind, out one);
    }

    private Replay? Find(Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, out string? why)
    {
        why = null;
        if (Array.Find(_kept, known => known.NumberCount == numbers.Length && known.Fits(here, tensors)) is { } found) return found;
        if (WithOtherVariables(here, arguments, tensors, numbers) is { } same) return same;
        if (_misses >= MostMisses)
        {
            why = $"it was captured {_captures} times, for something else each time: {WhatChanges()}";
            return null;
        }
        _misses++;
        try
        {
            if (Capture(here, arguments, tensors, numbers, out why) is { } replay) return replay;
        }
        catch (GraphException e) when (_options.Fallback)
        {
            why = e.Message;
        }
        _asItIs = [(new Signature(here, tensors), why!), .. _asItIs.Take(Most - 1)];
        return null;
    }

    private string WhatChanges()
    {
        Replay? last = _kept.FirstOrDefault();
        int changed = last is null ? -1 : _variables.FirstChanged(last.Values);
        return changed >= 0
            ? $"the variable {_variables.NameOf(changed)} of the function holds something else in each call: pass it as an argument, "
                + "or as Graph.Number(() => …)"
            : "call it with tensors of few shapes";
    }

    // A variable holds something else: where that changes nothing, it does not matter.
    private Replay? WithOtherVariables(Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers)
    {
        foreach (Replay known in _kept)
        {
            int changed = _variables.FirstChanged(known.Values);
            if (changed < 0 || known.NumberCount != numbers.Length || !known.FitsButVariables(here, tensors)) continue;
            GraphTrace trace = Trace(arguments, tensors, numbers, twice: false);
            if (GraphDifference.Between(known.Plan.Graph, trace.Graph, later: true) is not null) continue;
            _variables.Ignored[changed] = true;
            object?[] values = _variables.Now();
            Replay same = new(known.Signature, known.Plan.Trace, known.NumberCount, _variables, values, -1);
            if (!same.Fits(here, tensors)) continue;
            Keep(same, known);
            return same;
        }
        return null;
    }

    private Replay? Capture(Here here, Tensor[] arguments, Tensor[] tensors, double[] numbers, out string? why)
    {
        int epoch = Structure.Epoch;
        GraphTrace trace = Trace(arguments, tensors, numbers, twice: true);
        _captures++;
        why = WhyNot(trace, tensors);
        if (why is not null) return null;
        var replay = new Replay(new Signature(here, tensors), trace, numbers.Length, _variables, _variables.Now(), epoch);
        if (!replay.Fits(here, tensors))
        {
            why = "an argument lies in memory that the function also holds, or another argument has";
            return null;
        }
        Keep(replay, null);
        return replay;
    }

    private void Keep(Replay replay, Replay? instead) =>
        _kept = [replay, .. _kept.Where(known => !ReferenceEquals(known, instead)).Take(Most - 1)];

    private string? WhyNot(GraphTrace trace, Tensor[] tensors)
    {
        if (trace.Hooked is { } node) return $"a hook runs at {node}, whose C# code a run would not call";
        if (trace.Parts.Any(part => part.HasHooks)) return "a module that it calls has hooks, whose C# code a run would not call";
        if (trace.OpenGradient) return "a gradient that it leaves has a history (createGraph), which a run would not have";
        foreach (GraphGradient gradient in trace.Graph.Gradients)
            if (gradient.Leaf.Role == GraphRole.Input && !Array.Exists(tensors, x => ReferenceEquals(x, gradient.Tensor)))
                return "it leaves a gradient in a view of an argument";
            else if (gradient.Leaf.Role != GraphRole.Result && !gradient.Tensor!.IsLeaf)
                return "it leaves the gradient of a tensor that is no leaf";
        foreach (GraphMemory memory in trace.Graph.Memories)
            if (memory.Leaf is { } leaf && Array.Exists(tensors, x => ReferenceEquals(x, leaf)))
                return "it adds to the gradient of an argument";
        if (trace.OpenOutput < 0) return null;
        if (_options.IsStep)
            throw new GraphException(
                $"Compiled.Step: result {trace.OpenOutput} has a history that no backward pass of the step went through. A run gives results "
                + "without history, so a Backward() on it later would miss gradients. Call Backward in the step, or return a Detach() of it.");
        return "its results have a history, for a backward pass later. Compile the step with its Backward in it, or call it inside "
            + "Autograd.NoGrad()";
    }

    private GraphTrace Trace(Tensor[] arguments, Tensor[] tensors, double[] numbers, bool twice)
    {
        // A number among the arguments is asked for in every run, as Graph.Number is.
        NumberArgument[] asked = [.. numbers.Select((value, i) => new NumberArgument(i) { Value = value })];
        Func<IReadOnlyList<Tensor>> call = () =>
        {
            int next = 0;
            return _call([.. arguments.Select(x => x.IsNumber ? Graph.Number(asked[next++].Ask) : x)]);
        };
        string?[] names =
        [
            .. arguments.Select((x, i) => (IsTensor: !x.IsNumber, Name: i < _names.Length ? _names[i] : null))
                .Where(a => a.IsTensor).Select(a => a.Name),
        ];
        return twice ? Graph.Trace(_function, tensors, names, false, call)
            : GraphCapture.Trace(new GraphNames(_function, tensors, names), false, tensors, call);
    }

    private void Verify(Replay replay, Tensor[] arguments, Tensor[] tensors, double[] numbers)
    {
        lock (_capturing)
        {
            replay.Verified++;
            GraphTrace trace = Trace(arguments, tensors, numbers, twice: false);
            if (GraphDifference.Between(replay.Plan.Graph, trace.Graph, later: true) is not { } difference) return;
            _kept = [.. _kept.Where(known => !ReferenceEquals(known, replay))];
            throw new GraphException(
                $"A compiled function is another one than when it was captured, {replay.Runs} runs ago: {difference.Message} What changed "
                + "cannot be seen before a run (docs/compile.md lists that), so some of these runs may have computed what they did before. "
                + "The next call captures it anew.");
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
