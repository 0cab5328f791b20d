namespace Adjoint;

/// <summary>One capture of a compiled function: what it holds for, its plan, and the arenas of those who run it.</summary>
internal sealed class Replay
{
    private const int FewElements = 16;

    private readonly ClosureWatch _variables;
    private readonly object?[] _values;
    private readonly (IStructured Part, int Structure)[] _parts;
    private readonly (Tensor Tensor, bool RequiresGrad, DType DType, object Memory)[] _outside;
    private readonly HashSet<object> _memories;
    private readonly ClosureCode? _code;
    private readonly System.Collections.Concurrent.ConcurrentStack<ReplayArena> _others = [];
    private readonly Tensor?[] _last;
    private ReplayArena? _spare;
    private int _epoch;

    internal Replay(Signature signature, GraphTrace trace, int numbers, ClosureWatch variables, object?[] values, int epoch)
    {
        (Signature, _variables, _values, _epoch, NumberCount) = (signature, variables, values, epoch, numbers);
        _last = new Tensor?[trace.Graph.Inputs.Count];
        _parts = [.. trace.Parts.Select(part => (part, part.Structure))];
        _outside =
        [
            .. trace.Graph.Memories.Where(IsOutside).Select(m => m.Tensor!).Concat(trace.Gradients.Select(g => g.Leaf))
                .Select(x => (x, x.RequiresGrad, x.DType, x.SharedMemory())),
        ];
        _memories = new(_outside.Select(o => o.Memory), ReferenceEqualityComparer.Instance);
        _code = variables.Code(values);
        Plan = new ReplayPlan(trace);
    }

    internal Signature Signature { get; }

    /// <summary>How many of the arguments are C# numbers.</summary>
    internal int NumberCount { get; }

    internal ReplayPlan Plan { get; private set; }

    /// <summary>How often it ran.</summary>
    internal long Runs { get; private set; }

    /// <summary>How often a capture of the function was compared with it.</summary>
    internal int Verified { get; set; }

    /// <summary>What the variables of the function held.</summary>
    internal object?[] Values => _values;

    /// <summary>Whether a call may run it.</summary>
    internal bool Fits(Here here, ReadOnlySpan<Tensor> arguments) =>
        Signature.Fits(here, arguments) && HasGradients(arguments) && IsApart(arguments) && AreVariablesSame() && HasStructure();

    /// <summary>Whether the variables of the function hold what they did.</summary>
    internal bool AreVariablesSame() => _code is { IsSame: true } || _variables.FirstChanged(_values) < 0;

    /// <summary>Whether but for its variables the call may run it.</summary>
    internal bool FitsButVariables(Here here, ReadOnlySpan<Tensor> arguments) =>
        Signature.Fits(here, arguments) && HasGradients(arguments) && IsApart(arguments) && HasStructure();

    /// <summary>Runs the plan in an arena that nobody else is using.</summary>
    internal Tensor[]? Run(Here here, ReadOnlySpan<Tensor> arguments, double[] numbers, ResultKind kind, out Tensor? one)
    {
        // Before anything is changed: options that make no sense are an error, and others may be another formula.
        if (!Plan.IsPrepared())
        {
            _others.Clear();
            Plan = new ReplayPlan(Plan.Trace);
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

    // Of callers at the same time.
    private ReplayArena? Others() => !_others.IsEmpty && _others.TryPop(out ReplayArena? arena) ? arena : null;

    private static bool IsOutside(GraphMemory memory) =>
        memory.Tensor is not null && memory.Role is GraphRole.Parameter or GraphRole.Buffer or GraphRole.Constant;

    // What the gradients of leaves must be like when it begins.
    private bool HasGradients(ReadOnlySpan<Tensor> arguments)
    {
        foreach ((Tensor leaf, bool has) in Plan.Leaves)
            if (leaf.GradOrNull is null == has) return false;
        foreach (int argument in Plan.ArgumentsWithoutGradient)
            if (arguments[argument].GradOrNull is not null) return false;
        foreach (int index in Plan.Cells)
        {
            GraphMemory memory = Plan.Graph.Memories[index];
            if (memory.Leaf!.GradOrNull is not { } grad || grad.RequiresGrad || grad.IsContiguous != memory.Tensor!.IsContiguous
                || grad.MemoryLength != memory.Length || !grad.Strides.SequenceEqual(memory.Tensor.Strides)
                || grad.Offset != memory.Tensor.Offset)
                return false;
        }
        return true;
    }

    // An argument that is also what the function holds would be two things.
    private bool IsApart(ReadOnlySpan<Tensor> arguments)
    {
        bool known = true;
        for (int i = 0; i < arguments.Length; i++) known &= ReferenceEquals(arguments[i], _last[i]);
        if (known) return true;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (_memories.Contains(arguments[i].MemoryOwner)) return false;
            for (int j = 0; j < i; j++)
                if (arguments[i].SharesStorageWith(arguments[j])) return false;
        }
        // Those that may be called with again and again, without keeping data alive.
        for (int i = 0; i < arguments.Length; i++) _last[i] = arguments[i].MemoryLength <= FewElements ? arguments[i] : null;
        return true;
    }

    // See Note [One number for everything that changes].
    private bool HasStructure()
    {
        int epoch = Structure.Epoch;
        if (epoch == _epoch) return true;
        foreach ((IStructured part, int structure) in _parts)
            if (part.Structure != structure) return false;
        foreach ((Tensor x, bool requiresGrad, DType dtype, object memory) in _outside)
            if (x.RequiresGrad != requiresGrad || x.DType != dtype || !ReferenceEquals(x.MemoryOwner, memory) || x.HasHooks) return false;
        _epoch = epoch;
        return true;
    }
}
