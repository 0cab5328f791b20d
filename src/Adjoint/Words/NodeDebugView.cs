namespace Adjoint;

/// <summary>What a debugger shows of a node that is opened: where it leads, one step at a time. See Note [Seen in a debugger].</summary>
internal sealed class NodeDebugView(Node node)
{
    private const int Shown = 100;

    public string Name => node.Name;

    /// <summary>The nodes that its gradients go to, at most a hundred; null where one goes nowhere.</summary>
    public Node?[] Next => [.. Enumerable.Range(0, Math.Min(node.InputCount, Shown)).Select(i => node.InputEdge(i).Node)];

    public int Inputs => node.InputCount;

    public int Outputs => node.OutputCount;
}
