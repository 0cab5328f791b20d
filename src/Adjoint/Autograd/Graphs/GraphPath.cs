namespace Adjoint;

/// <summary>
/// One way through a graph, from a result to something it was computed from. The derivative along it is the product of the local
/// derivatives of its edges; the derivative of the result is the sum over all paths.
/// </summary>
/// <typeparam name="TNode">The nodes.</typeparam>
/// <param name="Nodes">The nodes from first to last.</param>
/// <param name="Inputs">Which input of each node but the last the path goes through.</param>
/// <param name="Labels">What the nodes are called.</param>
/// <param name="Factors">The local derivative of each edge; null where it is no number.</param>
public sealed record GraphPath<TNode>(
    IReadOnlyList<TNode> Nodes, IReadOnlyList<int> Inputs, IReadOnlyList<string> Labels, IReadOnlyList<double?> Factors)
    where TNode : class
{
    /// <summary>The nodes, from the first to the last.</summary>
    public IReadOnlyList<TNode> Nodes { get; init; } = Nodes.AllGiven();

    /// <summary>Which input of each node leads on.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = Inputs.Given();

    /// <summary>The names of the nodes.</summary>
    public IReadOnlyList<string> Labels { get; init; } = Labels.AllGiven();

    /// <summary>The local derivatives along the way.</summary>
    public IReadOnlyList<double?> Factors { get; init; } = Factors.Given();

    /// <summary>The product of the factors, in the order of the path; null if one of them is no number.</summary>
    public double? Product => Factors.Aggregate((double?)1, (product, factor) => product * factor);

    /// <summary><c>&lt;MulBackward0&gt; → &lt;AccumulateGrad&gt; a: 12 · 6 = 72</c>.</summary>
    public override string ToString()
    {
        string way = string.Join(" → ", Labels);
        double? whole = this.Product;
        return whole is not { } product || Factors.Count == 0
            ? way
            : $"{way}: {string.Join(" · ", Factors.Select(f => GraphText.Number(f!.Value)))} = {GraphText.Number(product)}";
    }
}
