namespace Adjoint;

/// <summary>
/// The tensors whose gradients a backward pass is asked for, and the part of the graph that leads to them:
/// nothing else is computed.
/// </summary>
internal sealed class BackwardTargets
{
    private readonly Dictionary<Edge, List<int>> _wanted = [];
    private readonly Dictionary<Node, bool> _runs = [];
    private readonly bool _accumulates;
    private readonly Tensor?[] _gradients;

    /// <param name="inputs">The edges whose gradients are wanted.</param>
    /// <param name="roots">Where the pass starts.</param>
    /// <param name="accumulates">Whether the nodes of the inputs are run too, so that leaves accumulate, rather than only their gradients
    /// taken.</param>
    internal BackwardTargets(ReadOnlySpan<Edge> inputs, ReadOnlySpan<Edge> roots, bool accumulates)
    {
        _accumulates = accumulates;
        _gradients = new Tensor?[inputs.Length];
        var wantedNodes = new HashSet<Node>();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!_wanted.TryGetValue(inputs[i], out List<int>? places)) _wanted[inputs[i]] = places = [];
            places.Add(i);
            wantedNodes.Add(inputs[i].Node!);
        }
        foreach (Edge root in roots)
            if (root.Node is { } node) Explore(node, wantedNodes);
    }

    /// <summary>The gradients found, in the order of the inputs; null for one that was not reached.</summary>
    internal Tensor?[] Gradients => _gradients;

    /// <summary>Whether the gradients go to leaves, and not only to who asks.</summary>
    internal bool Accumulates => _accumulates;

    /// <summary>Whether the node leads to a wanted tensor or made one.</summary>
    internal bool Reaches(Node node) => _runs.ContainsKey(node);

    /// <summary>Whether the node must be run, not only looked at: whether it leads to a wanted tensor.</summary>
    internal bool MustRun(Node node) => _accumulates || _runs[node];

    /// <summary>Keeps the gradients that wait at a node and are wanted.</summary>
    internal void Capture(Node node, Tensor?[] gradients)
    {
        if (_accumulates) return;
        for (int output = 0; output < gradients.Length; output++)
        {
            if (gradients[output] is not { } gradient || !_wanted.TryGetValue(new Edge(node, output), out List<int>? places)) continue;
            foreach (int place in places) _gradients[place] = gradient;
        }
    }

    // Depth first with a stack of our own, for graphs a million nodes deep.
    private void Explore(Node root, HashSet<Node> wanted)
    {
        var done = new HashSet<Node>();
        var stack = new Stack<(Node Node, int Next, bool Leads)>();
        stack.Push((root, 0, false));
        done.Add(root);
        while (stack.TryPop(out (Node Node, int Next, bool Leads) at))
        {
            bool leads = at.Leads;
            int next = at.Next;
            bool descended = false;
            while (next < at.Node.InputCount && !descended)
            {
                Node? child = at.Node.InputEdge(next).Node;
                if (child is null || _runs.ContainsKey(child))
                {
                    leads |= child is not null;
                    next++;
                }
                else if (done.Add(child))
                {
                    stack.Push((at.Node, next, leads));
                    stack.Push((child, 0, false));
                    descended = true;
                }
                else
                {
                    next++;
                }
            }
            if (!descended && (leads || wanted.Contains(at.Node))) _runs[at.Node] = leads;
        }
    }
}
