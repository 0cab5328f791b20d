namespace Adjoint;

/// <remarks>
/// // Note [Leaves as they arrive]
/// As a rule leaves are visited after all else: their gradients are then whole, and nobody has to count. Who sends gradients to other
/// processes wants each as soon as it is whole, while those of the layers before it are still being computed. So where a leaf is awaited
/// (<see cref="AccumulateGrad.IsAwaited"/>), the pass first counts the edges that lead to such leaves, and visits one when as many
/// gradients have come. A node gives at most one gradient along an edge, so none is visited too early; what was counted and never comes,
/// because the pass does not reach it, leaves the leaf to the end, where it would have been anyway. Passes without such leaves pay a look
/// at one field.
/// </remarks>
internal sealed partial class Engine
{
    private LeafArrivals? _leaves;
    private List<Action<bool>>? _ends;

    /// <summary>
    /// Has <paramref name="end"/> called when the outermost pass of this thread ends: with true after its last node, where it may still
    /// change gradients, and with false after an exception.
    /// </summary>
    /// <exception cref="InvalidOperationException">No pass is under way.</exception>
    internal static void WhenPassEnds(Action<bool> end)
    {
        Engine run = Here.Now.Running ?? throw new InvalidOperationException("No backward pass is under way on this thread.");
        (run._ends ??= []).Add(end);
    }

    // Begins a pass; says whether it is no other's part.
    private bool Enter(ReadOnlySpan<Edge> roots)
    {
        if (AccumulateGrad.AnyIsAwaited && _targets is not { Accumulates: false }) _leaves = LeafArrivals.Of(roots);
        if (_here.Running is not null) return false;
        _here.Running = this;
        return true;
    }

    private void End(bool whole)
    {
        if (_ends is not { } ends) return;
        _ends = null;
        using UserCode _ = UserCode.Here();
        foreach (Action<bool> end in ends) end(whole);
    }

    private void Leave(bool ended)
    {
        try
        {
            if (!ended) End(whole: false);
        }
        finally
        {
            _ends = null;
            _here.Running = null;
        }
    }

    private bool SendCounted(Edge edge, Tensor? gradient, bool own)
    {
        if (!Needs(edge)) return false;
        bool added = Put(edge, gradient, own);
        _leaves!.Arrived(edge.Node!);
        return added;
    }
}

/// <summary>How many gradients are still to come for each leaf that is awaited, in one pass.</summary>
internal sealed class LeafArrivals
{
    private readonly Dictionary<Node, int> _missing = [];
    private readonly HashSet<Node> _begun = [];
    private readonly Queue<Node> _whole = new();

    private LeafArrivals()
    {
    }

    /// <summary>Counts the edges from <paramref name="roots"/> on; null where they lead to no such leaf.</summary>
    internal static LeafArrivals? Of(ReadOnlySpan<Edge> roots)
    {
        var leaves = new LeafArrivals();
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Node>();
        foreach (Edge root in roots) leaves.Count(root, seen, open);
        while (open.TryPop(out Node? node))
            for (int i = 0; i < node.InputCount; i++) leaves.Count(node.InputEdge(i), seen, open);
        return leaves._missing.Count > 0 ? leaves : null;
    }

    /// <summary>Whether it is one of these leaves.</summary>
    internal bool Holds(Node node) => node is AccumulateGrad && _missing.ContainsKey(node);

    /// <summary>Notes that a gradient has come, or that none will.</summary>
    internal void Arrived(Node node)
    {
        if (node is not AccumulateGrad || !_missing.TryGetValue(node, out int missing)) return;
        _missing[node] = missing - 1;
        _begun.Add(node);
        if (missing == 1) _whole.Enqueue(node);
    }

    /// <summary>A leaf whose gradient is whole, to be visited.</summary>
    internal Node? TakeWhole()
    {
        if (!_whole.TryDequeue(out Node? node)) return null;
        _begun.Remove(node);
        return node;
    }

    /// <summary>A leaf for which something has come, when nothing comes any more.</summary>
    internal Node? TakeAny()
    {
        foreach (Node node in _begun)
        {
            _begun.Remove(node);
            return node;
        }
        return null;
    }

    private void Count(Edge edge, HashSet<Node> seen, Stack<Node> open)
    {
        if (edge.Node is not { } node) return;
        if (node is AccumulateGrad leaf)
        {
            if (leaf.IsAwaited) _missing[leaf] = _missing.GetValueOrDefault(leaf) + 1;
        }
        else if (seen.Add(node))
        {
            open.Push(node);
        }
    }
}
