using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>What a captured function does besides operations is brought back or refused, and what looked at values stays on tensors.</summary>
public class GraphFaultTests
{
    [Fact]
    public void An_argument_that_is_in_the_closure_too_is_one_thing()
    {
        Tensor x = Tensor.From([1.0, 2.0]);
        Graph graph = Graph.Capture(a => a * x + x, x);
        graph.Memories.Count.ShouldBe(3);
        graph.Memories.Single(m => m.Role == GraphRole.Input).Name.ShouldBe("x");
        graph.Operations[0].ToString().ShouldBe("mul1 = mul(x, x)");
        Tensor other = Tensor.From([3.0, 5.0]);
        GraphRun.Live(graph, other)[0].ToArray().ShouldBe([12.0, 30.0]);
        x.ToArray().ShouldBe([1.0, 2.0]);
    }

    [Fact]
    public void An_argument_that_is_a_part_of_what_is_in_the_closure_leaves_the_rest()
    {
        Tensor x = Tensor.From([1.0, 2.0, 3.0, 4.0]);
        Graph graph = Graph.Capture(part => part.Sum() + x.Sum(), x[..2]);
        GraphRun.Live(graph, Tensor.From([10.0, 20.0]))[0].Item().ShouldBe(30 + 30 + 7);
        x.ToArray().ShouldBe([1.0, 2.0, 3.0, 4.0]);
    }

    [Fact]
    public void A_parameter_as_an_argument_is_the_parameter_of_its_module()
    {
        var net = new Adjoint.Nn.Linear(2, 1);
        Tensor x = Tensor.Ones(3, 2);
        Graph graph = Graph.Capture(w => net.Call(x) * w.Sum(), net.Weight);
        graph.Memories.Count(m => ReferenceEquals(m.Tensor, net.Weight)).ShouldBe(1);
        Tensor other = Tensor.From([2f, 3f], [1, 2]);
        GraphRunTests.Compare(GraphRun.Live(graph, other), [(x.MatMul(other.T) + net.Bias!) * other.Sum()]);
    }

    [Fact]
    public void A_gradient_that_is_to_be_kept_is_forgotten_with_the_capture()
    {
        Tensor x = Tensor.From([1.0, 2.0], requiresGrad: true), y = x * 2;
        Graph.Capture(() => y.RetainGrad());
        y.RetainsGrad.ShouldBeFalse();
        (y * 3).Sum().Backward();
        y.Grad.ShouldBeNull();
        x.Grad!.ToArray().ShouldBe([6.0, 6.0]);
        y = x * 2;
        Graph.Capture(() => y.RetainGrad());
        y.RetainGrad();
        y.Sum().Backward();
        y.Grad!.ToArray().ShouldBe([1.0, 1.0]);
    }

    [Fact]
    public void An_assigned_parameter_is_refused_by_its_line_before_it_is_assigned()
    {
        var layer = new Adjoint.Nn.Linear(2, 2);
        var batch = new BatchNorm1d(2);
        Tensor before = layer.Weight;
        GraphException error = Should.Throw<GraphException>(() => Graph.Capture(() =>
        {
            layer.Weight = Tensor.Ones(2, 2).AsParameter();
            return layer.Call(Tensor.Ones(1, 2));
        }));
        error.Message.ShouldContain("Linear.Weight: was assigned");
        error.Line!.File!.ShouldEndWith("GraphFaultTests.cs");
        layer.Weight.ShouldBeSameAs(before);
        Should.Throw<GraphException>(() => Graph.Capture(() => batch.RunningMean = Tensor.Zeros(2))).Message.ShouldContain("RunningMean");
        // One that is made in the function may be given what it likes.
        Graph.Capture(() => new Adjoint.Nn.Linear(2, 2) { Weight = before }.Call(Tensor.Ones(1, 2)).Sum() * 0).Operations.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_field_that_the_function_assigns_is_brought_back_and_refused()
    {
        var cell = new Remembering();
        Tensor x = Tensor.Ones(1, 2);
        Should.Throw<GraphException>(() => Graph.Capture(cell.Call, x));
        cell.State.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => Graph.Capture(x =>
        {
            cell.Call(x);
            throw new InvalidOperationException();
        }, x));
        cell.State.ShouldBeNull();
        cell.Call(x);
        Tensor kept = cell.State!;
        Should.Throw<GraphException>(() => Graph.Capture(cell.Call, Tensor.Ones(1, 2) * 2));
        cell.State.ShouldBeSameAs(kept);
        var field = new Replacing();
        Tensor before = field.Scale;
        Should.Throw<GraphException>(() => Graph.Capture(field.Call, x)).Message.ShouldContain("Replacing.Scale: was assigned in the function");
        field.Scale.ShouldBeSameAs(before);
        // What is only kept to be looked at is no state.
        var looking = new Looking();
        Graph.Capture(looking.Call, x).Operations.Count.ShouldBe(1);
        looking.Seen.ShouldBeNull();
    }

    private sealed class Remembering : Module
    {
        private Tensor? _state;

        internal Tensor? State => _state;

        protected override Tensor Forward(Tensor input) => _state = _state is null ? input * 1 : _state + input;
    }

    private sealed class Replacing : Module
    {
        internal Tensor Scale = Tensor.Ones(2).AsParameter();

        protected override Tensor Forward(Tensor input)
        {
            Scale = Tensor.Full([2], 3).AsParameter();
            return input * Scale;
        }
    }

    private sealed class Looking : Module
    {
        internal Tensor? Seen;

        protected override Tensor Forward(Tensor input) => Seen = input * 2;
    }

    [Fact]
    public void A_pass_through_a_function_of_ones_own_that_was_recorded_before_is_refused()
    {
        Tensor x = Tensor.From([1f, 2f], requiresGrad: true), y = new Cubed().Apply(x).Sum();
        Should.Throw<GraphException>(() => Graph.Capture(() => y.Backward())).Message.ShouldContain("retainGraph: true");
        y.Backward();
        x.Grad!.ToArray<float>().ShouldBe([3f, 12f]);
    }

    private sealed class Cubed : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            Save(x);
            return x * x * x;
        }

        protected override Tensor? Backward(Tensor g) => g * 3 * Saved(0)!.Square();
    }

    [Fact]
    public void A_parameter_assigned_in_a_functional_call_is_refused_not_dropped()
    {
        var layer = new Adjoint.Nn.Linear(2, 2);
        Tensor before = layer.Weight;
        SlotException error = Should.Throw<SlotException>(() => layer.FunctionalCall(
            new Dictionary<string, Tensor> { ["weight"] = Tensor.Ones(2, 2) }, () =>
            {
                layer.Weight = Tensor.Zeros(2, 2).AsParameter();
                return layer.Call(Tensor.Ones(1, 2));
            }));
        error.Message.ShouldContain("Linear.Weight was assigned during the call");
        layer.Weight.ShouldBeSameAs(before);
    }

    [Fact]
    public void The_tangent_of_a_dual_that_is_changed_in_place_comes_back()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(Tensor.From([1.0, 2.0]), Tensor.From([5.0, 7.0]));
        Should.Throw<GraphException>(() => Graph.Capture(() => x.MulInPlace(3)));
        ForwardAD.UnpackDual(x).Tangent!.ToArray().ShouldBe([5.0, 7.0]);
        x.Detach().ToArray().ShouldBe([1.0, 2.0]);
    }

    [Fact]
    public void A_number_that_is_changed_in_place_is_refused_with_what_to_do()
    {
        Tensor n = 0.5;
        Should.Throw<GraphException>(() => Graph.Capture(() => n.MulInPlace(2))).Message
            .ShouldContain("changes a C# number that is used as a tensor (0.5) in place");
        n.Item().ShouldBe(0.5);
    }

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(1, 0.3)]
    [InlineData(double.PositiveInfinity, 0.1)]
    [InlineData(3.5, 0.2)]
    [InlineData(2, 1e6)]
    public void Gradients_are_clipped_in_a_run_to_the_same_bits(double p, double most)
    {
        Tensor[] w = [Tensor.From([0.3f, -1.7f], requiresGrad: true), Tensor.Linspace(-1, 2, 7).RequiresGradInPlace()];
        Tensor Step()
        {
            foreach (Tensor x in w) x.Grad = null;
            (w[0].Square().Sum() + w[1].Exp().Sum()).Backward();
            return Gradients.ClipNorm(w, most, p);
        }
        Tensor norm = Step();
        long[][] expected = [GraphRunTests.Bits(norm), .. w.Select(x => GraphRunTests.Bits(x.Grad!))];
        Graph graph = Graph.Capture(Step);
        foreach (Tensor x in w) x.Grad = null;
        Tensor again = GraphRun.Live(graph)[0];
        long[][] actual = [GraphRunTests.Bits(again), .. w.Select(x => GraphRunTests.Bits(x.Grad!))];
        actual.ShouldBe(expected);
        Should.Throw<GraphException>(() => Graph.Capture(() => { Step(); Gradients.ClipNorm(w, 1, errorIfNonfinite: true); }));
    }

    [Fact]
    public void Cumulative_averages_go_on_in_a_run_to_the_same_bits()
    {
        (BatchNorm1d eager, BatchNorm1d captured) = (new(3, momentum: null), new(3, momentum: null));
        Tensor x = Tensor.Linspace(-3, 5, 21).Reshape(7, 3).Sin();
        eager.Call(x * 2);
        captured.Call(x * 2);
        Graph graph = Graph.Capture(captured.Call, x);
        for (int i = 0; i < 4; i++)
        {
            Tensor y = x * (i + 0.7) + i;
            GraphRunTests.Compare(GraphRun.Live(graph, y), [eager.Call(y)]);
        }
        GraphRunTests.Compare([captured.RunningMean!, captured.RunningVar!], [eager.RunningMean!, eager.RunningVar!]);
        captured.NumBatchesTracked!.Item<long>().ShouldBe(5);
    }
}
