using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// One backward pass: takes the newest waiting node, lets it turn the gradients of its outputs into those of its inputs,
/// and sends these on, until none waits. See Note [Newest first] in Node.cs.
/// </summary>
internal sealed partial class Engine
{
    // What a pass sets, and brings back.
    private const GradMode.Switch GradOnly = GradMode.Switch.NoGrad | GradMode.Switch.Inference;

    private readonly PriorityQueue<Node, long> _ready = new();

    // Newer than everything in the queue, if there is one: along a chain nothing goes through the queue at all.
    private Node? _newest;

    /// <summary>The claim of a node with several outputs, which no run takes: what waits there is kept aside.</summary>
    internal const int Nobody = -1;

    private static int s_engines;

    // What it writes into the nodes that it claims. There are as many engines as passes were ever under way at once.
    private readonly int _number = Interlocked.Increment(ref s_engines);

    private readonly Here _here;
    private Engine? _nextSpare;

    // What waits at nodes that have several outputs, or that another run has claimed.
    private Dictionary<Node, Tensor?[]>? _aside;
    private BackwardTargets? _targets;
    private Dictionary<MultiGradHook, MultiGradHook.Arrivals>? _arrivals;

    // Which of the gradients that the node being visited got are the pass's own, a bit each. See Note [A gradient's own memory].
    private ulong _own;

    // Whether the pass itself is recorded or carries tangents, whether a NaN is looked for, whether modes see it: asked once.
    private bool _recorded, _watched, _shown;

    private Engine(Here here) => _here = here;

    internal bool RetainGraph { get; private set; }

    /// <summary>The thread.</summary>
    internal Here Here => _here;

    /// <summary>Runs a backward pass from one root to all leaves.</summary>
    /// <param name="root">Where to start.</param>
    /// <param name="seed">Its gradient.</param>
    /// <param name="own">Whether the seed was made for this pass.</param>
    /// <param name="retainGraph">Keep what the nodes saved, so that the pass can be run again.</param>
    /// <param name="createGraph">Record the pass itself, so that its results can be differentiated.</param>
    internal static void Run(Edge root, Tensor seed, bool own, bool retainGraph, bool createGraph) =>
        Run(new ReadOnlySpan<Edge>(in root), new ReadOnlySpan<Tensor>(in seed), own, retainGraph, createGraph, null);

    /// <summary>Runs a backward pass from <paramref name="roots"/>, each with its seed.</summary>
    /// <param name="roots">Where to start.</param>
    /// <param name="seeds">The gradient of each root.</param>
    /// <param name="retainGraph">Keep what the nodes saved, so that the pass can be run again.</param>
    /// <param name="createGraph">Record the pass itself, so that its results can be differentiated.</param>
    /// <param name="targets">The only tensors whose gradients are wanted, or null for all leaves.</param>
    internal static void Run(
        ReadOnlySpan<Edge> roots, ReadOnlySpan<Tensor> seeds, bool retainGraph, bool createGraph, BackwardTargets? targets) =>
        Run(roots, seeds, false, retainGraph, createGraph, targets);

    private static void Run(
        ReadOnlySpan<Edge> roots, ReadOnlySpan<Tensor> seeds, bool own, bool retainGraph, bool createGraph, BackwardTargets? targets)
    {
        UserCode.CheckStack();
        Here here = Here.Now;
        Engine run = here.Spare ?? new Engine(here);
        here.Spare = run._nextSpare;
        run.RetainGraph = retainGraph;
        run._targets = targets;
        GradMode.Switch mode = here.On;
        here.On = createGraph && !here.Has(GradMode.Switch.Inference) ? mode & ~GradMode.Switch.NoGrad : mode | GradMode.Switch.NoGrad;
        // A mode that sees the operations of the pass may keep what they give.
        run._recorded = History.RulesAreRecorded || here.Rare.Outermost is { MayKeep: true };
        run._shown = Door.IsWatched(here);
        GraphCapture? capture = run._shown ? GraphCapture.Current : null;
        run._watched = Anomaly.IsEnabled || capture is not null;
        capture?.BeginPass(roots, seeds, targets is { Accumulates: false });
        bool isOutermost = run.Enter(roots), ended = false;
        try
        {
            for (int i = 0; i < roots.Length; i++) run.Send(roots[i], seeds[i], own);
            while (run.Next() is { } node) run.Visit(node);
            if (run._arrivals is not null) run.EndArrivals();
            ended = true;
            if (isOutermost) run.End(whole: true);
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
            run._leaves = null;
            run._nextSpare = here.Spare;
            here.Spare = run;
            if (isOutermost) run.Leave(ended);
        }
    }

    /// <summary>Adds a gradient to what waits at the end of an edge.</summary>
    /// <param name="edge">Where it goes.</param>
    /// <param name="gradient">The gradient; null stands for zero.</param>
    /// <param name="own">Whether nobody but this pass knows it. See Note [A gradient's own memory].</param>
    /// <returns>Whether it was only added to what waits, and is not kept.</returns>
    internal bool Send(Edge edge, Tensor? gradient, bool own)
    {
        if (_leaves is not null) return SendCounted(edge, gradient, own);
        return Put(edge, gradient, own);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Put(Edge edge, Tensor? gradient, bool own)
    {
        Node? node = edge.Node;
        if (node is null || (_targets is not null && !_targets.Reaches(node))) return false;
        if (node.Claim == _number) return gradient is not null && Accumulate(ref node.Pending, gradient, own);
        if (_aside is not null && _aside.TryGetValue(node, out Tensor?[]? waiting))
            return gradient is not null && Accumulate(ref waiting[edge.InputNr], gradient, own);

        if (Interlocked.CompareExchange(ref node.Claim, _number, 0) == 0)
        {
            node.Pending = Waiting(gradient, own);
        }
        else
        {
            (_aside ??= [])[node] = waiting = new Tensor?[node.OutputCount];
            waiting[edge.InputNr] = Waiting(gradient, own);
        }
        Wait(node);
        return false;
    }

    /// <summary>Whether a gradient sent along the edge would be used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Needs(Edge edge) => edge.Node is { } node && (_targets is null || _targets.Reaches(node));

    /// <summary>The gradients that wait at a node, which lets go of them.</summary>
    internal Tensor?[] Take(Node node)
    {
        if (node.Claim == _number) return [TakeOne(node)];
        _aside!.Remove(node, out Tensor?[]? gradients);
        _own = 0;
        for (int i = 0; i < gradients!.Length; i++)
            if (IsTakenAsOwn(gradients[i]) && i < 64) _own |= 1UL << i;
        return gradients;
    }

    /// <summary>The gradient that waits at a node with one output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor? TakeOne(Node node)
    {
        if (node.Claim != _number) return Take(node)[0];
        Tensor? gradient = node.Pending;
        node.Pending = null;
        Volatile.Write(ref node.Claim, 0);
        _own = IsTakenAsOwn(gradient) ? 1UL : 0;
        return gradient;
    }

    /// <summary>
    /// Whether nobody but this pass knows the gradient that the node being visited got, which lies in memory as it is: its memory may
    /// become that of the next.
    /// </summary>
    /// <remarks>
    /// // Note [A gradient's own memory]
    /// What a node gets is as a rule used once: an element-wise rule then writes g·f′(x) over g itself. Along a chain of numbers the
    /// backward pass so makes no objects at all, and along large tensors it stays in the cache. That nobody else knows a gradient is
    /// not assumed of all but those that somebody has marked, but known of those that this engine sent as its own, from when it
    /// sends one (<see cref="Send"/>) until the node it waits at is visited (<see cref="Take"/>). Its own are only the seed that was
    /// made for the pass, sums that it has made, and what a rule of the library made of its own
    /// (<see cref="Deliver(Edge, Tensor, Tensor)"/>): that a node handed on what it got, or the same to two others, is seen there, and no
    /// rule has to say so. All that comes by another way is somebody else's too: the user's seeds, what hooks, targets and anomaly
    /// detection saw (<see cref="NodeVisit"/>), and what rules that run code of the user's got and gave. A pass that is recorded, or seen
    /// by a mode that may keep what it sees, owns nothing.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Owns(Tensor gradient) => (_own & 1) != 0 && gradient.IsContiguous;

    /// <summary>Sends on what a node with one input made of the gradient that it got.</summary>
    internal void Deliver(Edge x, Tensor g, Tensor? dx)
    {
        // A result in the gradient's own memory takes it over.
        bool own = (_own & 1) != 0, handedOn = Share(dx, g);
        Send(x, dx, own || !handedOn);
        if (own && !handedOn) Recycle(g);
    }

    /// <summary>Sends on what a node with two inputs made of the gradient that it got.</summary>
    internal void Deliver(Edge x, Edge y, Tensor g, Tensor? dx, Tensor? dy)
    {
        // The same gradient for two, of which neither is only added to what waits: neither owns it.
        bool shared = Share(dx, dy), apart = !shared || Waits(x) || Waits(y) || TryKeepApart(dx!, ref dy);
        bool own = (_own & 1) != 0, handsX = Share(dx, g), handsY = Share(dy, g);
        bool addedX = Send(x, dx, apart && (own || !handsX)), addedY = Send(y, dy, apart && (own || !handsY));
        if (!shared && addedX && (own || !handsX)) Spare(dx!);
        if (!shared && addedY && (own || !handsY)) Spare(dy!);
        if (own && !handsX && !handsY) Recycle(g);
    }

    // A number of the pass's own that was added to another is the next that a rule makes: along a chain none is made at all.
    private void Spare(Tensor gradient)
    {
        if (gradient.IsPlainNumber && !_recorded && !_shown) _here.SpareNumber = gradient;
    }

    /// <summary>Sends on what a node made of the gradients that it got. See Note [A gradient's own memory].</summary>
    /// <param name="node">The node.</param>
    /// <param name="gradients">What it got.</param>
    /// <param name="results">What it made of that.</param>
    /// <param name="shown">Whether code of the user's has seen all of it.</param>
    internal void Deliver(Node node, Tensor?[] gradients, Tensor?[] results, bool shown)
    {
        // Many results are as a rule parts of one gradient: who shares memory with whom is not worth asking every pair of them.
        bool few = results.Length <= 4;
        ulong own = shown || (!few && gradients.Length > 1) ? 0 : _own;
        for (int i = 0; i < results.Length; i++)
        {
            bool alone = few && !shown;
            for (int j = 0; j < gradients.Length && (alone || own != 0); j++)
            {
                if (!Share(results[i], gradients[j])) continue;
                alone = false;
                if (j < 64) own &= ~(1UL << j);
            }
            for (int j = 0; alone && j < results.Length; j++) alone = j == i || !Share(results[i], results[j]);
            Send(node.InputEdge(i), results[i], alone);
        }
        for (int j = 0; own != 0; j++, own >>= 1)
            if ((own & 1) != 0) Recycle(gradients[j]!);
    }

    // Whether something waits at the end of an edge already, so that what comes is only added to it. A pass that is recorded keeps all.
    private bool Waits(Edge edge) => edge.Node is { Pending: not null } node && node.Claim == _number && !_recorded;

    // The same gradient for two: each has its own number, where it is no more than that.
    private bool TryKeepApart(Tensor dx, ref Tensor? dy)
    {
        if (!dx.CarriesItself || _recorded || _shown) return false;
        dy = Elements.Copy(dx);
        return true;
    }

    // A gradient as it waits: whether it is the pass's own is noted in itself, which nobody else then has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Tensor? Waiting(Tensor? gradient, bool own)
    {
        if (own && gradient is not null && !_recorded) gradient.IsOwned = true;
        return gradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTakenAsOwn(Tensor? gradient)
    {
        if (gradient is not { IsOwned: true }) return false;
        gradient.IsOwned = false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Share(Tensor? one, Tensor? other) =>
        one is not null && other is not null && (ReferenceEquals(one, other) || (!one.CarriesItself && one.SharesStorageWith(other)));

    // The memory of a gradient of the pass's own that has served its purpose.
    private static void Recycle(Tensor gradient)
    {
        if (gradient.IsPooled) gradient.GiveMemoryBack();
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        if (_leaves is not null && _leaves.Holds(node)) return;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Node? Next()
    {
        if (_leaves is not null && _leaves.TakeWhole() is { } leaf) return leaf;
        if (_newest is { } newest)
        {
            _newest = null;
            return newest;
        }
        return _ready.TryDequeue(out Node? node, out _) ? node : _leaves?.TakeAny();
    }

    // Whether the gradient was only added to what is there already.
    private bool Accumulate(ref Tensor? sum, Tensor gradient, bool own)
    {
        if (sum is null)
        {
            sum = Waiting(gradient, own);
            return false;
        }
        bool into = sum.IsOwned && !sum.SharesStorageWith(gradient) && sum.IsContiguous && sum.DType == gradient.DType;
        if (into && _shown) sum.AddInPlace(gradient);
        else if (into) Elements.Accumulate(sum, gradient);
        else sum = Waiting(sum + gradient, own: true);
        return into;
    }
}
