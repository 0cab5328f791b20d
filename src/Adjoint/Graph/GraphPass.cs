namespace Adjoint;

/// <summary>A backward pass that the function ran: where it began.</summary>
/// <param name="Root">The tensor it began from; null where that was made by none of the graph's operations.</param>
/// <param name="Seed">The gradient it began with.</param>
/// <param name="At">How many operations ran before.</param>
/// <param name="IsAsked">Whether the gradients went to who asked for them (<c>Autograd.Grad</c>), and not to leaves.</param>
/// <param name="Met">What the pass met on its way; one object for all roots of a pass.</param>
internal sealed record GraphPass(GraphTensor? Root, GraphTensor Seed, int At, bool IsAsked, GraphPassMet Met);

/// <summary>What a backward pass met on its way.</summary>
internal sealed class GraphPassMet
{
    /// <summary>The gradients of results and leaves, as the pass went on with them: after the hooks on them.</summary>
    internal List<(GraphTensor Of, GraphTensor Gradient, Tensor? Leaf)> Gradients { get; } = [];

    /// <summary>What stands in the way whose C# no formula knows: hooks, and functions of the user's, in words.</summary>
    internal List<GraphOwnCode> OwnCode { get; } = [];

    /// <summary>Whether the gradients of the pass are what formulas say.</summary>
    internal bool IsByFormula => OwnCode.Count == 0;
}

/// <summary>Code of the user's that a backward pass runs.</summary>
/// <param name="Name">What it is: <c>a hook on w</c>, <c>CubeBackward, a function of your own,</c>.</param>
/// <param name="Of">The tensor whose gradient it gets; null for a function.</param>
internal sealed record GraphOwnCode(string Name, GraphMemory? Of)
{
    /// <summary>Whether it runs when a gradient was added, and so after all of its way.</summary>
    internal bool IsAfterwards { get; init; }

    /// <summary><c>a hook on w</c>.</summary>
    public override string ToString() => Of is { Name.Length: > 0 } of ? $"{Name} on {of.Name}" : Name;
}

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
/// <param name="Leaf">The leaf that it is or shows: two may lie in one memory, and each has its own gradient.</param>
internal readonly record struct GraphOrigin(GraphStart Start, string? Function, GraphLine? Detached, Tensor? Leaf = null);

public sealed partial class Graph
{
    /// <summary>The backward passes, in order.</summary>
    internal IReadOnlyList<GraphPass> Passes { get; init; } = [];

    /// <summary>Code of the user's on the way back from what the function returns, where no pass shows what it does.</summary>
    internal IReadOnlyList<GraphOwnCode> OwnCode { get; init; } = [];

    /// <summary>The same behind the other tensors that it returns.</summary>
    internal IReadOnlyList<GraphOwnCode> OwnCodeElsewhere { get; init; } = [];

    /// <summary>Leaves whose gradient was let go, and how many operations ran before that each time.</summary>
    internal IReadOnlyDictionary<GraphMemory, IReadOnlyList<int>> Cleared { get; init; } =
        new Dictionary<GraphMemory, IReadOnlyList<int>>();
}
