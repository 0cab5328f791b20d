namespace Adjoint;

/// <summary>One capture of a compiled function: what it holds for, its plan, and the arenas of those who run it.</summary>
internal sealed class Replay
{
    private const int FewElements = 16;

    private readonly (IStructured Part, int Structure)[] _parts;
    private readonly (IOptions Options, object? Now)[] _options;
    private readonly TensorFact[] _tensors;
    private readonly HashSet<object> _memories;
    private readonly System.Collections.Concurrent.ConcurrentStack<ReplayArena> _others = [];
    private readonly object?[] _last;
    private ReplayArena? _spare;
    private int _epoch;

    internal Replay(Signature signature, ReplayCapture capture, bool[] numbers, ClosureWatch watch, int epoch)
    {
        (Signature, Capture, Watch, _epoch, Numbers) = (signature, capture, watch, epoch, numbers);
        HasNumbers = numbers.Contains(true);
        GraphTrace trace = capture.First;
        Plan = new ReplayPlan(capture);
        _last = new object?[trace.Graph.Inputs.Count];
        _parts = [.. trace.Parts.Concat(watch.Parts).Distinct(ReferenceEqualityComparer.Instance).Cast<IStructured>()
            .Select(part => (part, part.Structure))];
        _options = [.. trace.Options];
        _tensors =
        [
            .. trace.Graph.Memories.Where(IsOutside).Select(m => m.Tensor!).Concat(Plan.Leaves.Select(g => g.Leaf)).Concat(watch.Tensors)
                .Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>().Select(x => new TensorFact(x)),
        ];
        _memories = new(_tensors.Select(o => o.Memory), ReferenceEqualityComparer.Instance);
        Alone = AloneOf(Plan);
    }

    internal Signature Signature { get; }

    internal ReplayCapture Capture { get; }

    /// <summary>What the variables of the function held.</summary>
    internal ClosureWatch Watch { get; }

    /// <summary>Which of the arguments are C# numbers.</summary>
    internal bool[] Numbers { get; }

    /// <summary>Whether some are.</summary>
    internal bool HasNumbers { get; }

    internal ReplayPlan Plan { get; private set; }

    /// <summary>The plan where it is a program of single numbers and nothing else.</summary>
    internal ScalarRun? Alone { get; private set; }

    /// <summary>The tensors that it knows.</summary>
    internal IEnumerable<Tensor> Known => _tensors.Select(fact => fact.Tensor);

    /// <summary>Options that C# code of the function reads, as they were.</summary>
    internal (IOptions Options, object? Now)[] Options => _options;

    /// <summary>How often it ran.</summary>
    internal long Runs { get; private set; }

    /// <summary>Whether its runs are faster than the function.</summary>
    internal ReplayTrial Trial { get; } = new();

    /// <summary>At how many runs a capture of the function is compared with it.</summary>
    internal long VerifyAt { get; set; }

    /// <summary>How often a capture of the function was compared with it.</summary>
    internal int Verified { get; set; }

    /// <summary>Whether hooks hang on what it knows.</summary>
    internal bool HasHooks => Array.Exists(_parts, p => p.Part.HasHooks) || Array.Exists(_tensors, x => x.Tensor.HasHooks);

    /// <summary>Whether a call may run it.</summary>
    internal bool Fits(Here here, ReadOnlySpan<Tensor> arguments) => FitsButVariables(here, arguments) && Watch.IsSame();

    /// <summary>Whether but for its variables the call may run it.</summary>
    internal bool FitsButVariables(Here here, ReadOnlySpan<Tensor> arguments) =>
        Signature.Fits(here, arguments) && HasTensors() && HasGradients(arguments) && IsApart(arguments) && HasStructure();

    /// <summary>Whether some of it may throw for some values.</summary>
    internal bool MayThrow => Plan.Undo.LastThatMayThrow is not null;

    /// <summary>Whether now and then the function may be called instead: also where it throws, everything is as before.</summary>
    internal bool CanBeTried => Alone is null && (!MayThrow || (Plan.Undo.IsEmpty && Plan.Cells.Length == 0));

    /// <summary>The gradients of the leaves that it changes, which nobody gives back.</summary>
    internal (Tensor Leaf, Tensor? Gradient)[] HoldGradients(Tensor[] arguments)
    {
        (Tensor, Tensor?)[] all = [.. Plan.Gradients.Select(g => g.Tensor).OfType<Tensor>().Concat(Plan.Cleared)
            .Concat(arguments.Where(x => x.RequiresGrad)).Select(leaf => (leaf, leaf.GradOrNull))];
        foreach ((_, Tensor? gradient) in all) gradient?.ShareMemory();
        return all;
    }

    /// <summary>Whether the same arguments of a call are C# numbers.</summary>
    internal bool HasNumbersOf(ReadOnlySpan<Tensor> arguments)
    {
        if (arguments.Length != Numbers.Length) return false;
        for (int i = 0; i < arguments.Length; i++)
            if (arguments[i].IsNumber != Numbers[i]) return false;
        return true;
    }

    /// <summary>Whether what it knows is as it was.</summary>
    internal bool IsAsCaptured() => HasTensors() && HasStructure();

    internal void CountRun() => Runs++;

    /// <summary>Whether the memory of a tensor is one that it knows.</summary>
    internal bool Holds(Tensor x) => _memories.Contains(x.MemoryOwner);

    /// <summary>Runs the plan in an arena that nobody else is using.</summary>
    internal Tensor[]? Run(Here here, ReadOnlySpan<Tensor> arguments, double[] numbers, ResultKind kind, out Tensor? one)
    {
        // Before anything is changed: options that make no sense are an error, and others may be another formula.
        if (!Plan.IsPrepared())
        {
            _others.Clear();
            Plan = Plan.Anew();
            Alone = AloneOf(Plan);
        }
        ReplayPlan plan = Plan;
        GradMode.Switch before = here.On;
        here.On = GradMode.Switch.NoGrad;
        ReplayArena? arena = Interlocked.Exchange(ref _spare, null) ?? Others();
        try
        {
            arena = arena is not null && ReferenceEquals(arena.Plan, plan) ? arena : new ReplayArena(plan);
            here.On = before | GradMode.Switch.NoGrad;
            Runs++;
            return arena.Run(arguments, numbers, kind, out one);
        }
        finally
        {
            here.On = before;
            if (arena is not null)
            {
                // Two at once may both find it free: then one arena is lost, and made again when it is needed.
                if (_spare is null) Volatile.Write(ref _spare, arena);
                else _others.Push(arena);
            }
        }
    }

    private ScalarRun? AloneOf(ReplayPlan plan) =>
        plan.Steps is [ScalarTape tape] && Signature.Modes is GradMode.Switch.None or GradMode.Switch.NoGrad ? tape.RunOf(this) : null;

    // Of callers at the same time.
    private ReplayArena? Others() => !_others.IsEmpty && _others.TryPop(out ReplayArena? arena) ? arena : null;

    private static bool IsOutside(GraphMemory memory) => memory.Tensor is not null && !memory.IsMadeInside
        && memory.Role is GraphRole.Parameter or GraphRole.Buffer or GraphRole.Constant;

    private bool HasTensors()
    {
        foreach (TensorFact fact in _tensors)
            if (!fact.IsSame()) return false;
        foreach ((IOptions options, object? now) in _options)
            if (!ReferenceEquals(options.Now, now)) return false;
        return true;
    }

    /// <summary>What the gradients of leaves must be like when it begins.</summary>
    internal bool HasGradients(ReadOnlySpan<Tensor> arguments)
    {
        foreach ((Tensor leaf, bool has) in Plan.Leaves)
            if (leaf.GradOrNull is null == has) return false;
        foreach ((int argument, bool has) in Plan.ArgumentGradients)
            if (arguments[argument].GradOrNull is null == has) return false;
        int[] cells = Plan.Cells;
        for (int i = 0; i < cells.Length; i++)
        {
            GraphMemory memory = Plan.Graph.Memories[cells[i]];
            if (memory.Leaf!.GradOrNull is not { } grad || grad.RequiresGrad || grad.IsContiguous != memory.Tensor!.IsContiguous
                || grad.MemoryLength != memory.Length || grad.IsInference != memory.Tensor.IsInference
                || !grad.Strides.SequenceEqual(memory.Tensor.Strides) || grad.Offset != memory.Tensor.Offset)
                return false;
            object owner = grad.MemoryOwner;
            if (_memories.Contains(owner)) return false;
            foreach (Tensor x in arguments)
                if (ReferenceEquals(x.MemoryOwner, owner)) return false;
            for (int j = 0; j < i; j++)
                if (ReferenceEquals(Plan.Graph.Memories[cells[j]].Leaf!.GradOrNull?.MemoryOwner, owner)) return false;
        }
        return true;
    }

    /// <summary>An argument that is also what the function holds would be two things; and no run reads beside its memory.</summary>
    internal bool IsApart(ReadOnlySpan<Tensor> arguments)
    {
        bool known = true;
        for (int i = 0; i < arguments.Length; i++)
        {
            Tensor x = arguments[i];
            (int first, int last) = Plan.Reaches[i];
            if (x.Offset + first < 0 || x.Offset + last >= x.MemoryLength) return false;
            known &= ReferenceEquals(x.MemoryOwner, _last[i]);
        }
        // Another thread may have noted another one: those of this call must differ.
        known &= arguments.Length <= 8;
        for (int i = 1; known && i < arguments.Length; i++)
            for (int j = 0; j < i; j++) known &= !ReferenceEquals(arguments[i].MemoryOwner, arguments[j].MemoryOwner);
        if (known) return true;
        for (int i = 0; i < arguments.Length; i++)
        {
            object owner = arguments[i].MemoryOwner;
            if (_memories.Contains(owner)) return false;
            for (int j = 0; j < i; j++)
                if (ReferenceEquals(owner, arguments[j].MemoryOwner)) return false;
        }
        // Those that may be called with again and again, without keeping data alive.
        for (int i = 0; i < arguments.Length; i++)
            _last[i] = arguments[i].MemoryLength <= FewElements ? arguments[i].MemoryOwner : null;
        return true;
    }

    // See Note [One number for everything that changes].
    private bool HasStructure()
    {
        int epoch = Structure.Epoch;
        if (epoch == _epoch) return true;
        foreach ((IStructured part, int structure) in _parts)
            if (part.Structure != structure) return false;
        _epoch = epoch;
        return true;
    }
}
