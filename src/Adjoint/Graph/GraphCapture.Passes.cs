namespace Adjoint;

/// <remarks>
/// What the engine and the modules tell: which operation's gradient is being computed, and in which module an operation is.
/// </remarks>
internal sealed partial class GraphCapture
{
    private readonly List<string> _modules = [];

    // Their names together, where an operation asked for them since one was entered or left.
    private string? _path;
    private readonly Dictionary<GraphMemory, GraphMemory> _gradientOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, Func<double>> _asked = new(ReferenceEqualityComparer.Instance);
    private readonly List<IStructured> _parts = [];
    private readonly HashSet<IStructured> _used = new(ReferenceEqualityComparer.Instance);
    private readonly List<(IOptions Options, object? Now)> _options = [];
    private bool _setsOptions, _setsMode;
    private GraphLine? _setsOptionsAt;
    private readonly HashSet<Node> _freed = new(ReferenceEqualityComparer.Instance);
    private string? _hooked;
    private int _passes;

    // How many passes run around what a checkpoint runs again.
    private int _repeatedAt;
    private GraphOperation? _visited;

    /// <summary>A backward pass begins.</summary>
    internal void BeginPass(ReadOnlySpan<Edge> roots, ReadOnlySpan<Tensor> seeds, bool isAsked)
    {
        var met = new GraphPassMet();
        for (int i = 0; i < roots.Length; i++)
        {
            GraphTensor seed = Read(seeds[i], GraphRole.Constant);
            GraphTensor? root = roots[i].Node is AccumulateGrad leaf ? Read(leaf.Variable)
                : _nodes.GetValueOrDefault(roots[i].Node!) is { } made && roots[i].InputNr < made.Results.Count
                    ? made.Results[roots[i].InputNr] : null;
            _begun.Add(new GraphPass(root, seed, _operations.Count, isAsked, met));
        }
        _passes++;
        _met.Push(met);
    }

    // Of the passes that are under way: a hook may run another one.
    private readonly Stack<GraphPassMet> _met = new();

    private readonly List<GraphPass> _begun = [];
    private readonly Dictionary<Tensor, List<int>> _cleared = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, GraphLine> _detached = new(ReferenceEqualityComparer.Instance);

    /// <summary>The user takes a tensor without its history.</summary>
    internal static void NoteDetached(Tensor x, Tensor without)
    {
        if (!x.RequiresGrad || Current is not { } capture) return;
        if (x.IsLeaf) capture.NoteLeaf(x);
        if (capture.Lines) capture._detached[without] = GraphLines.Here() ?? new("", null, 0);
    }

    // A tensor that begins to require grad in the function is a leaf as those outside are.
    private GraphOrigin OriginOf(Tensor x) => !x.RequiresGrad ? new(GraphStart.None, null, _detached.GetValueOrDefault(x))
        : x.IsLeaf ? new(GraphStart.Leaf, null, null, x)
        : x.GradFn is RuleNode<FunctionRule> function ? new(GraphStart.Function, function.Name, null)
        : new(GraphStart.Operation, null, null, x.Base is { IsLeaf: true, RequiresGrad: true } leaf ? leaf : null);

    /// <summary>A backward pass ends.</summary>
    internal void EndPass()
    {
        _passes--;
        _met.Pop();
        _visited = null;
    }

    /// <summary>The pass comes to a node, with the gradients of its outputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="isFreed">Whether the pass frees what it goes through, which cannot be brought back.</param>
    internal void Visit(Node node, Tensor?[] gradients, bool isFreed)
    {
        if (isFreed && node is not AccumulateGrad && node.Sequence <= _before
            && (node is RuleNode<FunctionRule> || node.Saved.Any()))
            throw Refuse($"{node.Name}: was recorded before the function was called, and the backward pass would free what it saved, so it "
                + "cannot be repeated. Compute it in the function, or run the pass with retainGraph: true.");
        if (node.Extras is { IsAsked: true }) _hooked ??= node.Name;
        if (_met.TryPeek(out GraphPassMet? pass)) pass.OwnCode.AddRange(OwnCodeOf(node));
        if (isFreed) _freed.Add(node);
        _visited = _nodes.GetValueOrDefault(node);
        if (node is AccumulateGrad { Variable: var adding } && adding.GradOrNull is { } sum)
            Read(sum, GraphRole.Gradient).Value.Memory.Leaf ??= adding;
        for (int i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is not { } g) continue;
            // A gradient that the user gives is held like any other tensor from outside.
            GraphMemory memory = Read(g, GraphRole.Constant).Value.Memory;
            GraphMemory? of = node is AccumulateGrad leaf ? Read(leaf.Variable).Value.Memory
                : _visited is { } made && i < made.Results.Count ? made.Results[i]?.Value.Memory : null;
            if (of is not null && memory.Role == GraphRole.Result) _gradientOf.TryAdd(memory, of);
            GraphTensor? y = node is AccumulateGrad { Variable: var variable } ? Read(variable)
                : _visited is { } by && i < by.Results.Count ? by.Results[i] : null;
            if (y is not null && pass is not null) pass.Gradients.Add((y, Read(g), (node as AccumulateGrad)?.Variable));
        }
    }

    /// <summary>
    /// A checkpoint runs its function again, within a pass: what that makes in C# is compared between two calls, as it is outside of one.
    /// </summary>
    internal static int EnterRepeat()
    {
        if (Current is not { } capture) return 0;
        (int before, capture._repeatedAt) = (capture._repeatedAt, capture._passes);
        return before;
    }

    /// <summary>The function has returned.</summary>
    internal static void LeaveRepeat(int before)
    {
        if (Current is { } capture) capture._repeatedAt = before;
    }

    /// <summary>Somebody asks a module or an optimizer for what it holds.</summary>
    internal static void NoteUse(IStructured part)
    {
        if (Current is { } capture) capture.Use(part);
    }

    /// <summary>C# code reads options, or sets them, which is taken back afterwards.</summary>
    internal static void NoteOptions(IOptions options, Action? undo)
    {
        if (Current is not { } capture) return;
        if (capture._options.FindIndex(o => ReferenceEquals(o.Options, options)) < 0) capture._options.Add((options, options.Now));
        if (undo is null) return;
        capture._undo.Add(undo);
        if (!capture._setsOptions) capture._setsOptionsAt = GraphLines.Here();
        capture._setsOptions = true;
    }

    /// <summary>C# code sets a mode, which is taken back afterwards.</summary>
    internal static void NoteMode(Action undo)
    {
        if (Current is not { } capture) return;
        capture._undo.Add(undo);
        capture._setsMode = true;
    }

    private void Use(IStructured part)
    {
        if (_used.Add(part)) _parts.Add(part);
    }

    /// <summary>The name of the nodes around a module with backward hooks.</summary>
    internal const string ModuleHook = "BackwardHookFunctionBackward";

    /// <summary>What of a node changes gradients by no formula.</summary>
    private IEnumerable<GraphOwnCode> OwnCodeOf(Node node)
    {
        if (node is RuleNode<FunctionRule>) yield return new($"{node.Name}, a function of your own,", null);
        if (node.Name == ModuleHook) yield return new("a backward hook of a module", null);
        GraphOperation? made = _nodes.GetValueOrDefault(node);
        if (made is { KeepsByHooks: true }) yield return new("what saved-tensor hooks gave back", null);
        if (made is { RepeatedBy: { } run } && IsRepeatedOtherwise(run))
            yield return new("a Checkpoint whose second run reads or draws something else than its first", null);
        if (node.Extras is not { } extras) yield break;
        GraphMemory? Of(int i) =>
            node is AccumulateGrad leaf ? Read(leaf.Variable).Value.Memory : made?.Results.ElementAtOrDefault(i)?.Value.Memory;
        for (int i = 0; i < node.OutputCount; i++)
            if (extras.ChangesGradientOf(i)) yield return new("a hook", Of(i));
        if (!extras.PreHooks.IsEmpty || !extras.PostHooks.IsEmpty) yield return new("a hook", Of(0));
        if (!extras.PostAccumulate.IsEmpty)
            yield return new("a hook that runs after a gradient was added", Of(0)) { IsAfterwards = true };
    }

    // Whether a checkpoint that is run again now, or was, reads something that changed since, or draws other numbers.
    private bool IsRepeatedOtherwise(CheckpointedRun run) => _operations.Exists(operation => ReferenceEquals(operation.RepeatedBy, run)
        && operation.Phase == GraphPhase.Forward
        && (!run.DrawsTheSame && operation.Attributes.ContainsKey("generator")
            || operation.Inputs.Any(x => x is not null && !ReferenceEquals(x.Value, x.Value.Memory.Latest)
                && !ReferenceEquals(x.Value.MadeBy?.RepeatedBy, run))));

    /// <summary>A module is called.</summary>
    internal void Enter(object module)
    {
        if (module is IStructured part) Use(part);
        _modules.Add(names.Path(module, _modules));
        _path = null;
    }

    /// <summary>It returned.</summary>
    internal void Leave()
    {
        _modules.RemoveAt(_modules.Count - 1);
        _path = null;
    }

    /// <summary>A number that a run asks for.</summary>
    internal void Ask(Tensor number, Func<double> ask)
    {
        GraphMemory memory = Read(number, GraphRole.Asked).Value.Memory;
        memory.Ask = ask;
    }

    /// <summary>A number became one of another dtype, as an operand.</summary>
    internal void Fitted(Tensor number, Tensor fitted)
    {
        if (_known.TryGetValue(number.SharedMemory(), out GraphMemory? memory) && memory.Ask is { } ask) Ask(fitted, ask);
    }
}
