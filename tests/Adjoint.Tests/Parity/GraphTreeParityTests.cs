namespace Adjoint.Tests.Parity;

/// <summary>The whole graph behind layers, losses and common expressions: every node, edge and output number down to the leaves.</summary>
public partial class GraphTreeParityTests
{
    internal sealed record Case(string Expression, string Graph);

    // The leaves of tests/Parity/graph_tree_fixtures.py; c does not require grad.
    private static readonly Tensor s = Leaf(), v = Leaf(2), x = Leaf(2, 2), y = Leaf(2, 2), b = Leaf(2, 2, 2), q = Leaf(2, 1, 2, 2);
    private static readonly Tensor c = Leaf(2, 2).Detach(), row = Leaf(3), one = Leaf(2, 1);
    private static readonly Tensor mask = Tensor.From([true, false, false, true], [2, 2]), index = Tensor.From([0L, 1]),
        targets = Tensor.From([0L, 1]);
    private static readonly (string Name, Tensor Value)[] Operands = [("v", v), ("x", x), ("b", b), ("q", q)];

    private static readonly Dictionary<string, Func<Tensor>> Expressions = All().ToDictionary(pair => pair.Name, pair => pair.Make);

    private static readonly Dictionary<string, string> Cases =
        Fixtures.Read<Case>("graph_trees").ToDictionary(@case => @case.Expression, @case => @case.Graph);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory] // 2.1, 2.2, 2.3, 2.4, 2.6, 2.9
    [MemberData(nameof(Names))]
    public void The_graph_is_that_of_PyTorch_down_to_the_leaves(string expression)
    {
        string ours = Describe(Expressions[expression]()), theirs = Cases[expression];
        if (Different.TryGetValue(expression, out string? known))
        {
            known.ShouldNotBe(Renamed(theirs), "it is no difference any more");
            theirs = known;
        }
        ours.ShouldBe(Renamed(theirs));
    }

    /// <summary>
    /// What differs everywhere in the same way. A reshape without a copy is a view, as in PyTorch 2; and a layer's product takes W as it
    /// lies, where PyTorch has a node for Wᵀ (see Note [Transposes are flags]).
    /// </summary>
    private static string Renamed(string graph) =>
        graph.Replace("ReshapeAliasBackward0", "ViewBackward0", StringComparison.Ordinal)
        .Replace("TBackward0(AccumulateGrad)", "AccumulateGrad", StringComparison.Ordinal);

    private static Tensor Leaf(params int[] shape)
    {
        int count = shape.Aggregate(1, (product, size) => product * size);
        return Tensor.From(Enumerable.Range(1, count).Select(i => (double)i / (count + 1)).ToArray(), Shape.Of(shape))
            .RequiresGradInPlace();
    }

    private static string Describe(Tensor result) => Text(result.GradFn) + (result.OutputNr == 0 ? "" : $"#{result.OutputNr}");

    private static string Text(Node? node)
    {
        if (node is null) return "none";
        string inputs =
            string.Join(", ", node.NextFunctions.Select(edge => Text(edge.Node) + (edge.InputNr == 0 ? "" : $"#{edge.InputNr}")));
        return inputs.Length == 0 ? node.Name : $"{node.Name}({inputs})";
    }
}
