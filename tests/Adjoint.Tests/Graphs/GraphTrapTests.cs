namespace Adjoint.Tests.Graphs;

/// <summary>
/// What users of other systems of capture report, as far as it is not tested elsewhere: numbers, branches and draws that freeze
/// (GraphRefusalTests, GraphRunTests), inputs in one memory (GraphRefusalTests), work that is not counted (GraphReaderTests).
/// </summary>
public class GraphTrapTests
{
    [Fact]
    public void A_result_does_not_see_a_later_change()
    {
        Tensor x = Tensor.From([1.0, 2.0, 3.0]);
        Func<Tensor, Tensor> f = x =>
        {
            Tensor y = x * 2, before = y + 0, view = y[1..];
            Tensor early = view * 10;
            view.AddInPlace(100);
            return Tensor.Cat([before, early, y, view]);
        };
        Graph graph = Graph.Capture(f, x);
        GraphRunTests.Compare(GraphRun.Live(graph, x), [f(x)]);
        Tensor other = Tensor.From([4.0, 5.0, 6.0]);
        GraphRunTests.Compare(GraphRun.Live(graph, other), [f(other)]);
    }

    [Fact]
    public void Results_of_two_runs_are_two()
    {
        Graph graph = Graph.Capture(x => x * 2, Tensor.From([1.0]));
        Tensor first = GraphRun.Live(graph, Tensor.From([1.0]))[0], second = GraphRun.Live(graph, Tensor.From([5.0]))[0];
        (first.Item(), second.Item()).ShouldBe((2.0, 10.0));
    }

    [Fact]
    public void Strides_and_offsets_of_views_are_those_of_the_function()
    {
        Tensor x = Tensor.Arange(0, 24, dtype: DType.Float64).Reshape(2, 3, 4);
        Func<Tensor, Tensor> f = x => (x.Permute(2, 0, 1)[1..3].Transpose(0, 2) * x.Permute(2, 1, 0).Select(0, 2).T[0, 0]).Flip(1).Sum(0);
        Graph graph = Graph.Capture(f, x);
        GraphRunTests.Compare(GraphRun.Live(graph, x), [f(x)]);
        GraphRunTests.Compare(GraphRun.Live(graph, x + 1), [f(x + 1)]);
    }

    [Fact]
    public void A_product_minus_itself_is_zero_and_a_logarithm_of_an_exponential_overflows()
    {
        Tensor a = Tensor.From([1.1f, 3.3f]), b = Tensor.From([7.7f, 0.3f]), large = Tensor.From([1000f]);
        GraphRun.Live(Graph.Capture((a, b) => a * b - a * b, a, b), a, b)[0].ToArray<float>().ShouldBe([0f, 0f]);
        GraphRun.Live(Graph.Capture(x => x.Exp().Log(), large), large)[0].Item().ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void A_chain_of_thousands_is_printed_walked_and_explained()
    {
        Tensor w = Tensor.Scalar(1.0, DType.Float64).RequiresGradInPlace();
        Graph graph = Graph.Capture(() =>
        {
            Tensor y = w;
            for (int i = 0; i < 3000; i++) y = y * 1.0001;
            y.Backward();
        });
        graph.ToText(most: 10).ShouldContain("more operations");
        graph.ToTree(most: 10).ShouldEndWith("…\n");
        GraphExplanation why = graph.Explain(w);
        why.Gradient!.Value.ShouldBe(Math.Pow(1.0001, 3000), 1e-9);
        why.Way.Count.ShouldBe(3000);
    }

    [Fact]
    public void A_gradient_through_an_index_is_no_zero()
    {
        Tensor w = Tensor.From([1.0, 2.0, 3.0], requiresGrad: true), at = Tensor.From([2L, 0, 2]);
        GraphExplanation why = Graph.Capture(() => (w[at] * Tensor.From([1.0, 10.0, 100.0])).Sum().Backward()).Explain(w, 2);
        why.Gradient.ShouldBe(101);
        why.Terms.Select(t => t.Contribution).Order().ShouldBe([1.0, 100.0]);
    }
}
