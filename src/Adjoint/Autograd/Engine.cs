namespace Adjoint;

/// <summary>
/// One backward pass: takes the newest waiting node, lets it turn the gradients of its outputs into those of its inputs,
/// and sends these on, until none waits. See Note [Newest first] in Node.cs.
/// </summary>
internal sealed class Engine
{
    // What a pass sets, and brings back.
    private const GradMode.Switch GradOnly = GradMode.Switch.NoGrad | GradMode.Switch.Inference;

    private readonly PriorityQueue<Node, long> _ready = new();

    // Newer than everything in the queue, if there is one: along a chain nothing goes through the queue at all.
    private Node? _newest;

    // What waits at nodes that have several outputs, or that another run has claimed.
    private Dictionary<Node, Tensor?[]>? _aside;
    private BackwardTargets? _targets;
    private Dictionary<MultiGradHook, MultiGradHook.Arrivals>? _arrivals;

    // Whether the pass itself is recorded or carries tangents, whether a NaN is looked for, whether modes see it: asked once.
    private bool _recorded, _watched, _shown;

    internal bool RetainGraph { get; private set; }

    /// <summary>Runs a backward pass from one root to all leaves.</summary>
    internal static void Run(Edge root, Tensor seed, bool retainGraph, bool createGraph) =>
        Run(new ReadOnlySpan<Edge>(in root), new ReadOnlySpan<Tensor>(in seed), retainGraph, createGraph, null);

    /// <summary>Runs a backward pass from <paramref name="roots"/>, each with its seed.</summary>
    /// <param name="roots">Where to start.</param>
    /// <param name="seeds">The gradient of each root.</param>
    /// <param name="retainGraph">Keep what the nodes saved, so that the pass can be run again.</param>
    /// <param name="createGraph">Record the pass itself, so that its results can be differentiated.</param>
    /// <param name="targets">The only tensors whose gradients are wanted, or null for all leaves.</param>
    internal static void Run(ReadOnlySpan<Edge> roots, ReadOnlySpan<Tensor> seeds, bool retainGraph, bool createGraph, BackwardTargets? targets)
    {
        UserCode.CheckStack();
        Here here = Here.Now;
        Engine run = here.Spare ?? new Engine();
        here.Spare = null;
        run.RetainGraph = retainGraph;
        run._targets = targets;
        GradMode.Switch mode = here.On;
        here.On = createGraph && !here.Has(GradMode.Switch.Inference) ? mode & ~GradMode.Switch.NoGrad : mode | GradMode.Switch.NoGrad;
        // A mode that sees the operations of the pass may keep what they give.
        run._recorded = History.RulesAreRecorded || here.Rare.Outermost is { MayKeep: true };
        run._shown = Door.IsWatched(here);
        GraphCapture? capture = run._shown ? GraphCapture.Current : null;
        run._watched = Anomaly.IsEnabled || capture is not null;
        capture?.BeginPass();
        try
        {
            for (int i = 0; i < roots.Length; i++) run.Send(roots[i], seeds[i]);
            while (run.Next() is { } node) run.Visit(node);
            if (run._arrivals is not null) run.EndArrivals();
        }
        finally
        {
            // After an exception nodes may still wait: let go of their gradients, so that a later pass starts clean.
            while (run.Next() is { } node) run.Take(node);
            capture?.EndPass();
            here.On = (here.On & ~GradOnly) | (mode & GradOnly);
            run._targets = null;
            run._aside = null;
            run._arrivals = null;
            here.Spare = run;
        }
    }

    /// <summary>Adds a gradient to what waits at the end of an edge.</summary>
    internal void Send(Edge edge, Tensor? gradient)
    {
        Node? node = edge.Node;
        if (node is null || (_targets is not null && !_targets.Reaches(node))) return;

        if (node.Claim == this)
        {
            if (gradient is not null) Accumulate(ref node.Pending, gradient);
        }
        else if (_aside is not null && _aside.TryGetValue(node, out Tensor?[]? waiting))
        {
            if (gradient is not null) Accumulate(ref waiting[edge.InputNr], gradient);
        }
        else
        {
            if (node.OutputCount == 1 && Interlocked.CompareExchange(ref node.Claim, this, null) is null)
            {
                node.Pending = gradient;
            }
            else
            {
                (_aside ??= [])[node] = waiting = new Tensor?[node.OutputCount];
                waiting[edge.InputNr] = gradient;
            }
            Wait(node);
        }
    }

    /// <summary>Whether a gradient sent along the edge would be used.</summary>
    internal bool Needs(Edge edge) => edge.Node is { } node && (_targets is null || _targets.Reaches(node));

    /// <summary>The gradients that wait at a node, which lets go of them.</summary>
    internal Tensor?[] Take(Node node)
    {
        if (node.Claim == this) return [TakeOne(node)];
        _aside!.Remove(node, out Tensor?[]? gradients);
        return gradients!;
    }

    /// <summary>The gradient that waits at a node with one output.</summary>
    internal Tensor? TakeOne(Node node)
    {
        if (node.Claim != this) return Take(node)[0];
        Tensor? gradient = node.Pending;
        node.Pending = null;
        Volatile.Write(ref node.Claim, null);
        return gradient;
    }

    /// <summary>Whether nobody but this pass knows a gradient, which lies in memory as it is: its memory may become that of the next.</summary>
    /// <remarks>
    /// // Note [A gradient's own memory]
    /// What a node gets is as a rule used once: an element-wise rule then writes g·f′(x) over g itself. Along a chain of numbers the
    /// backward pass so makes no objects at all, and along large tensors it stays in the cache. Whoever shows a gradient to somebody
    /// else marks it (Escape): hooks, RetainGrad, targets, the user's seeds and functions. Whether a node handed on what it got, or
    /// the same to two others, is seen here, where its results are sent on (Deliver): no rule has to say so. A pass that is recorded
    /// owns nothing.
    /// </remarks>
    internal bool Owns(Tensor gradient) => !_recorded && !gradient.Escaped && gradient.IsContiguous;

    /// <summary>Sends on what a node with one input made of the gradient that it got.</summary>
    internal void Deliver(Edge x, Tensor g, Tensor? dx)
    {
        Send(x, dx);
        // A result in the gradient's own memory takes it over.
        if (!Share(dx, g)) Recycle(g);
    }

    /// <summary>Sends on what a node with two inputs made of the gradient that it got.</summary>
    internal void Deliver(Edge x, Edge y, Tensor g, Tensor? dx, Tensor? dy)
    {
        if (Share(dx, dy)) dx!.Escape();
        bool handedOn = Share(dx, g) || Share(dy, g);
        Send(x, dx);
        Send(y, dy);
        if (!handedOn) Recycle(g);
    }

    /// <summary>Sends on what a node made of the gradients that it got. See Note [A gradient's own memory].</summary>
    internal void Deliver(Node node, Tensor?[] gradients, Tensor?[] results)
    {
        // Many results are as a rule parts of one gradient: who shares memory with whom is not worth asking every pair of them.
        bool few = results.Length <= 4;
        for (int i = 0; i < results.Length; i++)
        {
            if (!few) results[i]?.Escape();
            for (int j = 0; few && j < gradients.Length; j++)
                if (Share(results[i], gradients[j])) results[i]!.Escape();
            for (int j = 0; few && j < i; j++)
                if (Share(results[i], results[j])) results[i]!.Escape();
        }
        for (int i = 0; i < results.Length; i++) Send(node.InputEdge(i), results[i]);
        foreach (Tensor? g in gradients) Recycle(g);
    }

    private static bool Share(Tensor? one, Tensor? other) => one is not null && other is not null && one.SharesStorageWith(other);

    /// <summary>Gives the memory of a gradient back that only this pass knows and that has served its purpose.</summary>
    internal void Recycle(Tensor? gradient)
    {
        if (gradient is not null && gradient.IsPooled && !gradient.Escaped && !_recorded)
            gradient.GiveMemoryBack();
    }

    /// <summary>What has arrived in this pass for a hook on several tensors.</summary>
    internal MultiGradHook.Arrivals ArrivalsOf(MultiGradHook hook)
    {
        _arrivals ??= [];
        if (!_arrivals.TryGetValue(hook, out MultiGradHook.Arrivals? arrivals)) _arrivals[hook] = arrivals = new(hook);
        return arrivals;
    }

    private void EndArrivals()
    {
        using UserCode _ = UserCode.Here();
        foreach (MultiGradHook.Arrivals arrivals in _arrivals!.Values) arrivals.End();
    }

    private void Visit(Node node)
    {
        if (node.Extras is not null || _targets is not null || _watched)
        {
            if (!NodeVisit.Run(this, node, _targets)) return;
        }
        else
        {
            node.Propagate(this);
        }
        if (!RetainGraph) node.ReleaseSaved();
    }

    private void Wait(Node node)
    {
        if (_newest is { } newest)
        {
            if (node.Sequence <= newest.Sequence)
            {
                _ready.Enqueue(node, -node.Sequence);
                return;
            }
            _ready.Enqueue(newest, -newest.Sequence);
            _newest = node;
        }
        else if (_ready.TryPeek(out Node? first, out _) && first.Sequence >= node.Sequence)
        {
            _ready.Enqueue(node, -node.Sequence);
        }
        else
        {
            _newest = node;
        }
    }

    private Node? Next()
    {
        if (_newest is { } newest)
        {
            _newest = null;
            return newest;
        }
        return _ready.TryDequeue(out Node? node, out _) ? node : null;
    }

    private void Accumulate(ref Tensor? sum, Tensor gradient)
    {
        if (sum is null)
        {
            sum = gradient;
            return;
        }
        bool own = !_recorded && !sum.Escaped && !sum.SharesStorageWith(gradient)
            && sum.IsContiguous && sum.DType == gradient.DType;
        if (own && _shown) sum.AddInPlace(gradient);
        else if (own) Elements.Accumulate(sum, gradient);
        else sum += gradient;
    }
}
