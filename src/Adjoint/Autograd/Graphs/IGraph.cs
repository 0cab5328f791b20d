namespace Adjoint;

/// <summary>
/// What a graph of a computation has to say of itself to be printed as a tree (<see cref="GraphText.ToTree"/>), drawn
/// (<see cref="GraphText.ToDot"/>) and walked path by path (<see cref="GraphPaths.Paths"/>): four things.
/// </summary>
/// <typeparam name="TNode">Its nodes, compared as objects.</typeparam>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public interface IGraph<TNode> where TNode : class
{
    /// <summary>All nodes, the result first: every edge leads to a node that stands later.</summary>
    IReadOnlyList<TNode> Nodes { get; }

    /// <summary>Where the inputs of a node came from, one edge for each, in the order of the arguments.</summary>
    IReadOnlyList<GraphEdge<TNode>> Edges(TNode node);

    /// <summary>What to call a node: <c>&lt;MulBackward0&gt;</c>.</summary>
    string Label(TNode node);

    /// <summary>
    /// The local derivative: that of the node's result by one of its inputs, which a path through this edge multiplies. Null where
    /// either is not a single number, or the input needs no gradient.
    /// </summary>
    double? Value(TNode node, int input);
}

/// <summary>An edge of a graph.</summary>
/// <typeparam name="TNode">The nodes.</typeparam>
/// <param name="To">The node the input came from; null for an input outside of the graph.</param>
/// <param name="InputNr">Which output of that node it is.</param>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public readonly record struct GraphEdge<TNode>(TNode? To, int InputNr) where TNode : class;
