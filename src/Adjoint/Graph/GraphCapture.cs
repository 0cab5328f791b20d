namespace Adjoint;

/// <summary>The mode that writes down what passes the door while a function is captured. See Note [Values of memory].</summary>
/// <remarks>
/// // Note [Nothing is lost]
/// What is read must come from somewhere: from memory outside that the graph then holds, or from an operation it has seen. Memory that
/// changed otherwise than by an operation, and memory that a backward pass reads and nobody made, are refused: a run would not make them
/// again. What a rule saves beside its operands and results (means of a normalization) is a result of the operation as well; a
/// copy that it keeps of an operand which is then overwritten is an operation of its own, before.
/// // Note [Steps that are not taken]
/// To compare a step with what is known of it, its optimizer need not step: that it does, along which gradients, and what it remembers is
/// seen without it, and no number of it is compared. So nothing of the model is copied to bring it back, which is three times its
/// parameters for Adam. Where it remembers nothing yet, it steps, since what it will remember is a part of the graph.
/// </remarks>
internal sealed partial class GraphCapture(GraphNames names, bool lines, bool stepsNot) : OpMode
{
    private static int s_running;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly long _before = Here.Now.Clock;
    private readonly Dictionary<object, GraphMemory> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Tensor> _leaves = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, int> _changes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphValue, List<GraphTensor>> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, GraphOperation> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly List<GraphOperation> _operations = [];
    private readonly List<GraphMemory> _memories = [];

    // What results stand for: nothing of it may die while the graph may still name it.
    private readonly List<Tensor> _alive = [];
    private Exception? _failure;

    private bool Lines => lines;

    // A task that the function began may outlive the capture, and has its modes.
    private volatile bool _isOver;

    /// <summary>Whether anything is being captured, on whatever thread: asked before <see cref="Current"/>, which costs more.</summary>
    internal static bool IsAnywhere => s_running != 0;

    /// <summary>Whether the code that is running is captured: then nothing may be decided by a value.</summary>
    internal static bool IsCapturing => IsAnywhere && Current is not null;

    /// <summary>What captures the code that is running.</summary>
    internal static GraphCapture? Current
    {
        get
        {
            if (s_running == 0) return null;
            for (ModeStack? stack = Here.Now.Rare.Outermost; stack is not null; stack = stack.Inner)
                if (stack.Mode is GraphCapture { _isOver: false } capture) return capture;
            return null;
        }
    }

    /// <summary>Whether a module was there before the function was called.</summary>
    internal bool IsOutside(object module) => names.Knows(module);

    /// <summary>Runs a function, writes down what it does, and brings back what it changed.</summary>
    /// <param name="names">What is called what.</param>
    /// <param name="lines">Whether operations know their lines.</param>
    /// <param name="inputs">The arguments.</param>
    /// <param name="f">The function.</param>
    /// <param name="stepsNot">Whether optimizers need not step. See Note [Steps that are not taken].</param>
    internal static GraphTrace Trace(
        GraphNames names, bool lines, IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>> f, bool stepsNot = false)
    {
        UserCode.CheckStack();
        if (Current is not null)
            throw GraphException.At(
                GraphLines.Here(),
                "Graph.Capture: a function that is being captured captures another one. Capture it before, or call it as it is.");
        var capture = new GraphCapture(names, lines, stepsNot);
        var draws = new RandomRecord();
        Interlocked.Increment(ref s_running);
        try
        {
            GraphTensor[] arguments = capture.Arguments(inputs);
            IReadOnlyList<Tensor> results;
            using (capture.Enter()) results = draws.Run(f);
            if (capture._failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            return capture.Finished(arguments, results);
        }
        finally
        {
            capture._isOver = true;
            Interlocked.Decrement(ref s_running);
            capture.Restore();
            draws.Rewind();
        }
    }

    // A run may be given others, which do not lie in one memory.
    private GraphTensor[] Arguments(IReadOnlyList<Tensor> inputs)
    {
        for (int i = 1; i < inputs.Count; i++)
            for (int j = 0; j < i; j++)
                if (ReferenceEquals(inputs[i].SharedMemory(), inputs[j].SharedMemory()))
                    throw new GraphException(
                        $"Graph.Capture: the arguments {j} and {i} lie in the same memory, so what is done with one would be done with "
                        + "the other. Give one argument and use it twice, or give a Clone() for one of them.");
        GraphTensor[] all = [.. inputs.Select(x => Read(x, GraphRole.Input))];
        foreach (GraphTensor x in all) x.Value.Memory.Start = x.Offset;
        return all;
    }

    protected override IReadOnlyList<Tensor?> Run(OpCall call)
    {
        if (_isOver) return call.Run();
        if (_thread != Environment.CurrentManagedThreadId)
            throw Refuse($"{call.Name}: ran on another thread than the captured function, so in no order that could be repeated. Run it on the same thread.");
        // Tangents are computed by the operation itself, where nobody sees them: a run would take them for constants.
        if (ForwardMode.Level != 0 && call.Inputs.Any(x => x?.Tangents is not null))
            throw Refuse($"{call.Name}: carries a tangent of forward mode (Jvp, Hessian, a dual level), which a graph does not hold. "
                + "Capture the function itself, and differentiate it by Backward in the capture.");
        if (_failure is not null) throw _failure;
        int count = call.Inputs.Count;
        var inputs = new GraphTensor?[count];
        for (int i = 0; i < count; i++) inputs[i] = call.Inputs[i] is { } x ? Read(x) : null;
        bool isTaken = !(stepsNot && call.Operation is IPreparedOperation { RunsUserCode: false, Cells.Count: > 0 });
        List<Copy> copies = Prepare(call, inputs, isTaken);
        bool recorded = GradMode.IsEnabled;
        var requires = new bool[count];
        var origins = new GraphOrigin[count];
        for (int i = 0; i < count; i++)
            if (call.Inputs[i] is { } x) (requires[i], origins[i]) = (recorded && x.RequiresGrad, OriginOf(x));
        SavedTensorHooks? hooks = SavedTensorHooks.Current;
        var operation = new GraphOperation(_operations.Count, call)
        {
            Phase = call.Operation is IStatefulOperation ? GraphPhase.Update : _passes > 0 ? GraphPhase.Backward : GraphPhase.Forward,
            Inputs = inputs,
            Attributes = ToldBesidesTensors(call),
            ModulePath = _passes > 0 ? _visited?.ModulePath ?? "" : _path ??= string.Join('.', _modules.Where(name => name.Length > 0)),
            GradientOf = _passes > 0 ? _visited : null,
            Line = lines ? GraphLines.Here() : null,
            Recorded = requires,
            Origins = origins,
            IsGradEnabled = recorded,
            KeepsByHooks = recorded && hooks is { Repeats: null },
            RepeatedBy = hooks?.Repeats,
        };
        IReadOnlyList<Tensor?> results = isTaken ? call.Run() : [call.Inputs[0]];

        NoteChanges(operation, call);
        foreach (Tensor? y in results) operation.AddResult(y is null ? null : Result(operation, y));
        foreach (Tensor? y in results)
            if (y is not null) NoteSaved(operation, y, copies);
        operation.IsView = operation.Changes.Count == 0 && operation.Results.Count > 0 && ShowsOnly(operation.Results, inputs);
        Add(operation);
        return results;
    }

    private static IReadOnlyDictionary<string, object?> ToldBesidesTensors(OpCall call)
    {
        IReadOnlyDictionary<string, object?> all = call.Attributes;
        foreach ((_, object? value) in all)
            if (value is Tensor) return all.Where(a => a.Value is not Tensor).ToDictionary(a => a.Key, a => a.Value);
        return all;
    }

    // Whether results are memory of operands.
    private static bool ShowsOnly(IReadOnlyList<GraphTensor?> results, GraphTensor?[] inputs)
    {
        foreach (GraphTensor? y in results)
            if (y is not null && !Array.Exists(inputs, x => ReferenceEquals(x?.Value.Memory, y.Value.Memory))) return false;
        return true;
    }

    /// <summary>The number of the operation is that of its place; what was put in before it comes first.</summary>
    private void Add(GraphOperation operation)
    {
        operation.Index = _operations.Count;
        _operations.Add(operation);
        if (operation.IsView) return;
        // Where it has the value twice, it is the last of its readers: a number may have a million of them.
        foreach (GraphTensor? input in operation.Inputs)
            if (input is not null && !(input.Value.Readers is [.., var last] && ReferenceEquals(last, operation)))
                input.Value.Readers.Add(operation);
    }

    private GraphTensor Read(Tensor x) => Read(x, null);

    private GraphTensor Read(Tensor x, GraphRole? role)
    {
        object owner = x.SharedMemory();
        if (!_known.TryGetValue(owner, out GraphMemory? memory))
            memory = Outside(owner, x, role);
        else if (_changes[memory] != x.ChangeCount)
            throw Refuse($"{memory.Name}: the {x.DType} tensor of shape {x.Shape} was changed in C# (Write, CopyFrom, a span), which a run of the graph would not do again. "
                + "Change it before the function is called, or by operations on tensors.");
        if (x is { RequiresGrad: true, IsLeaf: true }) NoteLeaf(x);
        return Show(memory.Latest, x, null);
    }

    /// <summary>
    /// A tensor that is trained lies in that memory, whatever was seen of it first: a view, what <c>Detach()</c> gave, or itself.
    /// </summary>
    private void NoteLeaf(Tensor leaf)
    {
        object owner = leaf.SharedMemory();
        if (!_known.TryGetValue(owner, out GraphMemory? memory)) _leaves.TryAdd(owner, leaf);
        else if (memory.Role is GraphRole.Constant or GraphRole.Buffer) (memory.Role, memory.Tensor) = (GraphRole.Parameter, leaf);
    }

    private GraphMemory Outside(object owner, Tensor x, GraphRole? role)
    {
        if (x.HasOtherDTypes)
            throw Refuse($"View: a {x.DType} tensor of shape {x.Shape} shows memory that is read as another dtype too, which a graph does not follow. Use a Clone() of it.");
        if (role is null && _passes > _repeatedAt && !x.IsNumber && !(x.RequiresGrad && x.IsLeaf) && names.Of(x) is null)
            throw Refuse($"{_visited?.Name ?? "A backward pass"}: its gradient reads a {x.DType} tensor of shape {x.Shape} that no operation made and that the graph does not hold, so a run could not make it again. "
                + "Compute what a hook or a function of your own needs from its tensors, or hold it in a field or variable of the "
                    + "captured function.");
        // It is named by what lies in the memory, and not by how it was met first.
        Tensor? leaf = x is { RequiresGrad: true, IsLeaf: true } ? x : _leaves.GetValueOrDefault(owner) ?? names.LeafOf(x);
        if (leaf is not null && leaf.DType != x.DType) leaf = null;
        role ??= x.IsNumber ? GraphRole.Number : leaf is not null || x.RequiresGrad ? GraphRole.Parameter : GraphRole.Constant;
        return Add(
            owner, new GraphMemory(_memories.Count, role.Value, x.DType, x.MemoryLength, role == GraphRole.Parameter ? leaf ?? x : x)
            {
                Name = names.Of(x) ?? "",
                IsNamed = names.Of(x) is not null
            }, x);
    }

    private GraphMemory Add(object owner, GraphMemory memory, Tensor x)
    {
        _memories.Add(memory);
        _known[owner] = memory;
        _changes[memory] = x.ChangeCount;
        _alive.Add(x);
        return memory;
    }

    private GraphTensor Show(GraphValue value, Tensor x, GraphOperation? view)
    {
        if (!_tensors.TryGetValue(value, out List<GraphTensor>? shown)) _tensors[value] = shown = [];
        if (shown.Find(tensor => tensor.Shows(value, x)) is { } known) return known;
        // After a change in place the same view has another value.
        for (int version = value.Version - 1; view is null && version >= 0; version--)
        {
            GraphValue before = value.Memory.Values[version];
            view = _tensors.GetValueOrDefault(before)?.Find(tensor => tensor.Shows(before, x))?.View;
        }
        var made = new GraphTensor(value, x, view);
        shown.Add(made);
        return made;
    }

    private GraphTensor Result(GraphOperation operation, Tensor y)
    {
        object owner = y.SharedMemory();
        if (_known.TryGetValue(owner, out GraphMemory? memory))
            return Show(memory.Latest, y, operation.Changes.Count == 0 ? operation : null);
        memory = Add(owner, new GraphMemory(_memories.Count, GraphRole.Result, y.DType, y.MemoryLength, null), y);
        return Show(memory.MadeBy(operation), y, null);
    }

    private void NoteChanges(GraphOperation operation, OpCall call)
    {
        for (int i = 0; i < call.Inputs.Count; i++)
        {
            if (call.Inputs[i] is not { } x || _known[x.SharedMemory()] is not { } memory) continue;
            if (_changes[memory] == x.ChangeCount && !(call.IsInPlace && i == 0)) continue;
            if (operation.Changes.Any(value => ReferenceEquals(value.Memory, memory))) continue;
            Change(operation, memory, x);
        }
        if (call.Operation is not IStatefulOperation stateful) return;
        foreach ((Tensor of, string name, Tensor cell) in stateful.Cells)
        {
            object owner = cell.SharedMemory();
            if (!_known.TryGetValue(owner, out GraphMemory? memory))
                memory = Add(owner, new GraphMemory(_memories.Count, GraphRole.State, cell.DType, cell.MemoryLength, cell), cell);
            memory.Role = GraphRole.State;
            if (!memory.IsNamed) (memory.Name, memory.IsNamed) = ($"{_known[of.SharedMemory()].Name}.{name}", true);
            Change(operation, memory, cell);
        }
    }

    private void Change(GraphOperation operation, GraphMemory memory, Tensor x)
    {
        operation.AddChange(memory.Change(operation));
        _changes[memory] = x.ChangeCount;
        if (memory.Role == GraphRole.Constant) memory.Role = GraphRole.Buffer;
    }

    // What the rule of an operation saved, which is neither an operand nor a result.
    private void NoteSaved(GraphOperation operation, Tensor y, List<Copy> copies)
    {
        if (!y.RequiresGrad || Recorded(operation, y) is not { } node || !_nodes.TryAdd(node, operation)) return;
        foreach ((string name, object? value) in node.Saved)
        {
            if (value is not Tensor saved) continue;
            object owner = saved.SharedMemory();
            if (_known.ContainsKey(owner)) continue;
            if (saved.IsNumber || IsNumberOfCheckpoint(operation, saved))
            {
                NoteNumber(operation, saved);
                continue;
            }
            GraphMemory memory =
                Add(owner, new GraphMemory(_memories.Count, GraphRole.Result, saved.DType, saved.MemoryLength, null), saved);
            if (copies.FindIndex(copy => copy.Is(saved)) is var at && at >= 0)
            {
                var copying =
                    new GraphOperation(_operations.Count, copies[at].Call)
                    {
                        Phase = operation.Phase,
                        Inputs = [copies[at].Operand],
                        ModulePath = operation.ModulePath,
                        Line = operation.Line
                    };
                copying.AddResult(Show(memory.MadeBy(copying), saved, null));
                Add(copying);
                copies.RemoveAt(at);
            }
            else
            {
                operation.AddSaved(name, Show(memory.MadeBy(operation), saved, null));
            }
        }
    }

    // The change of a view is recorded in what it shows. See Note [Views and in-place changes].
    private Node? Recorded(GraphOperation operation, Tensor y)
    {
        if (operation.Changes.Count == 0 || y.Base is not { HistoryNow.Node: CopySlices slices })
            return y.HasLostHistory ? null : y.GradFn;
        _nodes.TryAdd(slices, operation);
        return slices.Change;
    }

    // A number among the operands, which a checkpoint gives back as a tensor.
    private static bool IsNumberOfCheckpoint(GraphOperation operation, Tensor saved) => operation.RepeatedBy is not null && saved.NDim == 0
        && operation.Inputs.Any(x => x?.Value.Memory.Role is GraphRole.Number or GraphRole.Asked);

    // A number among the operands, which the rule keeps in another dtype.
    private void NoteNumber(GraphOperation operation, Tensor saved)
    {
        foreach (GraphTensor? x in operation.Inputs)
        {
            if (x?.Value.Memory is not { Role: GraphRole.Asked, Ask: { } ask }) continue;
            Ask(saved, ask);
            return;
        }
        Read(saved, GraphRole.Number);
    }

    /// <summary>Stops the capture, whatever becomes of the exception.</summary>
    internal Exception Refuse(string message)
    {
        Exception error = GraphException.At(GraphLines.Here(), message);
        _failure ??= error;
        return error;
    }
}
