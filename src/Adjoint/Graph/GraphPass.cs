namespace Adjoint;

/// <summary>A backward pass that the function ran: where it began.</summary>
/// <param name="Root">The tensor it began from; null where that was made by none of the graph's operations.</param>
/// <param name="Seed">The gradient it began with.</param>
/// <param name="At">How many operations ran before.</param>
/// <param name="IsAsked">Whether the gradients went to who asked for them (<c>Autograd.Grad</c>), and not to leaves.</param>
internal sealed record GraphPass(GraphTensor? Root, GraphTensor Seed, int At, bool IsAsked);

/// <summary>Where the history of an operand begins.</summary>
internal enum GraphStart
{
    /// <summary>It has none: it requires no grad.</summary>
    None,

    /// <summary>With itself.</summary>
    Leaf,

    /// <summary>With an operation of the graph.</summary>
    Operation,

    /// <summary>With a function of the user's.</summary>
    Function,
}

/// <summary>What recording made of an operand.</summary>
/// <param name="Start">Where its history begins.</param>
/// <param name="Function">The node of the user's function that made it.</param>
/// <param name="Detached">Where it was detached, if it was and lines were asked for.</param>
internal readonly record struct GraphOrigin(GraphStart Start, string? Function, GraphLine? Detached);

public sealed partial class Graph
{
    /// <summary>The backward passes, in order.</summary>
    internal IReadOnlyList<GraphPass> Passes { get; init; } = [];

    /// <summary>Leaves whose gradient was let go, and how many operations ran before that each time.</summary>
    internal IReadOnlyDictionary<GraphMemory, IReadOnlyList<int>> Cleared { get; init; } =
        new Dictionary<GraphMemory, IReadOnlyList<int>>();
}
