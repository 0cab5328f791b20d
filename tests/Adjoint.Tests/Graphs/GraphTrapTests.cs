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

    /// <summary>Constants that are printed with too few digits are one unit in the last place off.</summary>
    [Fact]
    public void Numbers_are_written_with_all_their_digits()
    {
        double asked = 1.0 / 3;
        Tensor single = Tensor.From([1f / 3, float.Epsilon, float.MaxValue, -0f, 16777217f, 1e-38f], requiresGrad: true);
        Tensor twice = Tensor.From([1.0 / 3, double.Epsilon, double.MaxValue, -0.0, 0.1 + 0.2, 1e-308], requiresGrad: true);
        Func<Tensor> f = () => Tensor.Cat([
            (single * 0.1f + 0.7f / 3 - (1f / 49)).To(DType.Float64), twice * (0.1 + 0.2) - 1.0 / 49, twice * Graph.Number(() => asked), twice * -0.0]);
        Graph graph = Graph.Capture(f);
        var programs = new WrittenPrograms();
        int program = programs.Add(graph);
        programs.Run(program);
        programs.Bits(program, graph.Outputs[0]).ShouldBe(GraphRunTests.Bits(f()));
        programs.Text(program).ShouldContain("= 0.3333333333333333;   // asked for in every run");
    }

    [Fact]
    public void A_chain_of_a_thousand_operations_is_written_and_compiled()
    {
        Tensor w = Tensor.From([0.9, 1.1]).RequiresGradInPlace();
        Action step = () =>
        {
            w.Grad = null;
            Tensor y = w;
            for (int i = 0; i < 500; i++) y = (y * 1.001).Sin() + y;
            (y * 1e-30).Sum().Backward();
        };
        Graph graph = Graph.Capture(step);
        graph.Operations.Count.ShouldBeGreaterThan(1000);
        var programs = new WrittenPrograms();
        int program = programs.Add(graph);
        programs.Run(program);
        step();
        programs.Bits(program, graph.Gradients[0].Value!).ShouldBe(GraphRunTests.Bits(w.Grad!));
    }

    /// <summary>Elements that lie in one place have no order in which they could be written.</summary>
    [Fact]
    public void A_write_to_elements_in_one_place_fails_in_a_capture_as_it_does_outside()
    {
        Tensor x = Tensor.From([1.0]);
        Action write = () => x.Expand(3).AddInPlace(Tensor.From([1.0, 2.0, 3.0]));
        Exception outside = Should.Throw<TensorException>(write), inside = Should.Throw<TensorException>(() => Graph.Capture(write));
        inside.Message.ShouldContain(outside.Message);
        x.Item().ShouldBe(1);
    }

    private sealed class Meddling : OpMode
    {
        internal int Seen { get; private set; }

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            Seen++;
            // An operation of its own, which must not come back here.
            _ = call.Inputs[0]! * 2;
            return call.Run();
        }
    }

    [Fact]
    public void A_mode_inside_of_what_is_captured_sees_each_operation_once_and_its_own_are_captured()
    {
        Tensor x = Tensor.From([1.0, 2.0]);
        List<int> seen = [];
        Func<Tensor, Tensor> f = x =>
        {
            var mode = new Meddling();
            Tensor y;
            using (mode.Enter()) y = (x + 1).Exp();
            seen.Add(mode.Seen);
            return y;
        };
        Graph graph = Graph.Capture(f, x);
        seen.ShouldAllBe(count => count == 2);
        GraphRunTests.Compare(GraphRun.Live(graph, x * 3), [f(x * 3)]);
    }

    /// <summary>The same values are not the same tensor: what is saved twice stays two.</summary>
    [Fact]
    public void Equal_values_are_not_taken_for_one()
    {
        Tensor x = Tensor.From([1.0, 2.0], requiresGrad: true);
        Func<Tensor, Tensor> f = x =>
        {
            Tensor a = x.Exp(), b = x.Exp(), c = a * 1;
            c.MulInPlace(2);
            return Tensor.Cat([a, b, Autograd.Grad([(a * b * c).Sum()], [x])[0]!]);
        };
        Graph graph = Graph.Capture(f, x);
        GraphRunTests.Compare(GraphRun.Live(graph, x), [f(x)]);
        var programs = new WrittenPrograms();
        int program = programs.Add(graph);
        programs.Run(program, x);
        programs.Bits(program, graph.Outputs[0]).ShouldBe(GraphRunTests.Bits(f(x)));
    }
}
