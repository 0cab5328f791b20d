using Adjoint.Nn;

namespace Adjoint.Tests.Differentiation;

using Linear = Adjoint.Nn.Linear;

public class RecordedGraphTests
{
    [Fact]
    public void A_tree_shows_edges_in_the_form_of_next_functions()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true), b = a * a, L = b * (a * 4);
        RecordedGraph.Of(L, ("a", a), ("b", b)).ToTree(values: true).ShouldBe(
            """
            <MulBackward0>
            ├─ (<MulBackward0> b, 0)   · 12
            │  ├─ (<AccumulateGrad> a, 0)   · 3
            │  └─ (<AccumulateGrad> a, 0)   · 3
            └─ (<MulBackward0>, 0)   · 9
               ├─ (<AccumulateGrad> a, 0)   · 4
               └─ (null, 0)

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_node_used_twice_is_printed_once_and_named_by_its_number()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true), b = a.Exp();
        string tree = RecordedGraph.Of(b * b).ToTree();
        tree.ShouldContain("(<ExpBackward0> #1, 0)\n│  └─ (<AccumulateGrad>, 0)");
        tree.ShouldEndWith("└─ (<ExpBackward0> #1 (above), 0)\n");
    }

    [Fact]
    public void Dot_names_every_node_once_and_escapes_labels()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true);
        string dot = RecordedGraph.Of(a * a, ("the \"a\" \\ \n", a)).ToDot(values: true);
        dot.ShouldBe(
            "digraph {\n  node [shape=box]\n  n0 [label=\"<MulBackward0>\"]\n  n1 [label=\"<AccumulateGrad> the \\\"a\\\" \\\\ \\n\"]\n"
            + "  n0 -> n1 [label=\"3\"]\n  n0 -> n1 [label=\"3\"]\n}\n");
    }

    /// <summary>
    /// C of the course: the gradient is the sum over the paths of the products of the edges; for many random graphs of scalars.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_products_of_all_paths_add_up_to_the_gradient(int seed)
    {
        var random = new Random(seed);
        List<Tensor> leaves = [.. Enumerable.Range(0, 3).Select(i => Tensor.Scalar(0.5 + i, DType.Float64, requiresGrad: true))],
            all = [.. leaves];
        for (int i = 0; i < 9; i++)
        {
            Tensor x = all[random.Next(all.Count)], y = all[random.Next(all.Count)];
            all.Add(random.Next(5) switch { 0 => x * y, 1 => x + y, 2 => x.Sin(), 3 => x - y * 0.5, _ => x.Square() });
        }
        Tensor result = all[^1] + all[^2] * all[^3];
        var graph = RecordedGraph.Of(result);
        foreach (Tensor leaf in leaves)
        {
            if (Autograd.Grad([result], [leaf], retainGraph: true, allowUnused: true)[0] is not { } gradient) continue;
            List<GraphPath<Node>> paths = [.. graph.Paths(leaf)];
            paths.Count.ShouldBe((int)graph.CountPaths(leaf));
            paths.Sum(p => p.Product!.Value).ShouldBe(gradient.Item(), 1e-9 * (1 + Math.Abs(gradient.Item())));
            paths.Sum(p => graph.Along(p)?.Item() ?? 0).ShouldBe(gradient.Item(), 1e-9 * (1 + Math.Abs(gradient.Item())));
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Fact]
    public void Along_a_path_goes_a_part_of_the_gradient_also_where_edges_are_matrices()
    {
        Rng.ManualSeed(0);
        Linear first = new(3, 4, dtype: DType.Float64), second = new(4, 4, dtype: DType.Float64);
        Tensor x = Tensor.Randn([2, 3], DType.Float64), hidden = first.Call(x).Tanh();
        Tensor loss = (second.Call(hidden) + hidden).Square().Mean();
        var graph = RecordedGraph.Of(loss);
        List<GraphPath<Node>> paths = [.. graph.Paths(first.Weight)];
        paths.Count.ShouldBe(2);
        paths.ShouldAllBe(p => p.Product == null);
        Tensor sum = paths.Select(p => graph.Along(p)!).Aggregate((a, b) => a + b);
        loss.Backward();
        (sum - first.Weight.Grad!).Abs().Max().Item().ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void Through_an_operation_of_several_outputs_a_path_has_its_own_part()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], requiresGrad: true);
        Tensor[] halves = [.. x.Split(2)];
        Tensor y = (halves[0] * halves[1]).Sum();
        var graph = RecordedGraph.Of(y);
        Tensor sum = graph.Paths(x).Select(p => graph.Along(p)!).Aggregate((a, b) => a + b);
        y.Backward();
        sum.ToArray<double>().ShouldBe(x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Sixty_doublings_have_two_to_the_sixty_paths_of_which_only_those_taken_are_walked()
    {
        Tensor x = Tensor.Scalar(1, DType.Float64, requiresGrad: true), y = x * 1;
        for (int i = 0; i < 60; i++) y += y;
        var graph = RecordedGraph.Of(y);
        graph.CountPaths(x).ShouldBe(Math.Pow(2, 60));
        graph.Paths(x).Take(3).Count().ShouldBe(3);
        graph.ToTree().Split('\n').Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void A_chain_of_twenty_thousand_nodes_is_no_trouble()
    {
        Tensor x = Tensor.Scalar(1, DType.Float64, requiresGrad: true), y = x;
        for (int i = 0; i < 20_000; i++) y = y.Neg();
        var graph = RecordedGraph.Of(y, ("x", x));
        graph.ToTree(most: 10).ShouldEndWith("… 19991 more nodes\n");
        graph.Paths(x).Single().Product.ShouldBe(1);
        graph.ToDot().Split('\n').Length.ShouldBe(40_001 + 4);
    }

    [Fact]
    public void A_path_to_what_the_result_does_not_depend_on_is_refused()
    {
        Tensor x = Tensor.Scalar(1, requiresGrad: true), other = Tensor.Scalar(1, requiresGrad: true), constant = Tensor.Scalar(1);
        var graph = RecordedGraph.Of(x * 2);
        Should.Throw<ArgumentException>(() => graph.Paths(other)).Message.ShouldContain("does not depend");
        Should.Throw<ArgumentException>(() => graph.CountPaths(other));
        Should.Throw<AutogradException>(() => graph.Paths(constant)).Message.ShouldContain("does not require grad");
        Should.Throw<AutogradException>(() => RecordedGraph.Of(constant)).Message.ShouldContain("does not require grad");
    }

    [Fact]
    public void Values_of_a_freed_graph_are_refused_while_its_shape_can_still_be_printed()
    {
        Tensor x = Tensor.Scalar(3, requiresGrad: true), y = x * x;
        y.Backward();
        var graph = RecordedGraph.Of(y);
        graph.ToTree().ShouldStartWith("<MulBackward0>\n");
        Should.Throw<AutogradException>(() => graph.ToTree(values: true)).Message.ShouldContain("freed");
        Should.Throw<AutogradException>(() => graph.Paths(x).First()).Message.ShouldContain("freed");
    }

    [Fact]
    public void Looking_at_a_graph_changes_no_gradient_and_frees_nothing()
    {
        Tensor x = Tensor.Scalar(3, requiresGrad: true), y = x * x;
        var graph = RecordedGraph.Of(y);
        graph.ToTree(values: true);
        foreach (GraphPath<Node> path in graph.Paths(x)) graph.Along(path);
        x.Grad.ShouldBeNull();
        y.Backward();
        x.Grad!.Item().ShouldBe(6);
    }

    [Fact]
    public void A_leaf_alone_is_a_graph_of_one_node()
    {
        Tensor x = Tensor.From([1.0, 2], requiresGrad: true);
        var graph = RecordedGraph.Of(x, ("x", x));
        graph.ToTree().ShouldBe("<AccumulateGrad> x [2]\n");
        graph.Paths(x).Single().ToString().ShouldBe("<AccumulateGrad> x [2]");
    }
}
