using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>The figures of a graph against what is known otherwise: counted by hand, and what the engine holds.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphSummaryTests
{
    [Fact]
    public void Work_of_a_layer_is_two_a_weight_and_example_and_twice_that_going_back()
    {
        const int batch = 5, inputs = 7, outputs = 3;
        var layer = new Adjoint.Nn.Linear(inputs, outputs);
        Tensor x = Tensor.Ones(batch, inputs), leaf = Tensor.Ones([batch, inputs], requiresGrad: true);
        const long product = 2L * batch * inputs * outputs;
        Graph.Capture(() => layer.Call(x)).Summary().Flops.ShouldBe(product + batch * outputs);
        GraphSummary weight = Graph.Capture(() => layer.Call(x).Sum().Backward()).Summary();
        // The sum; back: one product for the weight, a sum over the batch for the bias.
        weight.Flops.ShouldBe(product + batch * outputs + batch * outputs + product + batch * outputs);
        // And one more for the data, where it wants a gradient too.
        Graph.Capture(() => layer.Call(leaf).Sum().Backward()).Summary().Flops.ShouldBe(weight.Flops + product);
        weight.Parameters.ShouldBe(outputs * inputs + outputs);
    }

    [Fact]
    public void Parameters_are_counted_once_and_as_far_as_they_are_trained()
    {
        Tensor many = Tensor.Ones(10), part = many[2..5].Detach().RequiresGradInPlace(), w = Tensor.Ones([4], requiresGrad: true);
        Graph graph = Graph.Capture(() => (part.Sum() * w * w).Sum().Backward());
        graph.Summary().Parameters.ShouldBe(3 + 4);
        Graph.Capture(() => (w.Detach() * w).Sum().Backward()).Summary().Parameters.ShouldBe(4);
    }

    public static Dictionary<string, Func<(Module Net, Tensor X, Func<Tensor, Tensor> Loss)>> Models => new()
    {
        ["mlp"] = () =>
        {
            Tensor labels = Tensor.From([0L, 1, 2, 0, 1]);
            return (new Sequential(new Adjoint.Nn.Linear(7, 6), new ReLU(), new Adjoint.Nn.Linear(6, 3)), Tensor.Randn(5, 7),
                y => F.CrossEntropy(y, labels));
        },
        ["tanh"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 6), new Tanh(), new Adjoint.Nn.Linear(6, 2)), Tensor.Randn(5, 4),
            y => y.Square().Mean()),
        ["norm"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 6), new LayerNorm([6])), Tensor.Randn(5, 4), y => y.Exp().Sum()),
        ["batch norm"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 6), new BatchNorm1d(6)), Tensor.Randn(5, 4),
            y => y.Sigmoid().Sum()),
        ["dropout"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 6), new Dropout(0.5)), Tensor.Randn(5, 4), y => y.Square().Sum()),
        ["softmax"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 4)), Tensor.Randn(4, 4), y => y.Softmax(1).MatMul(y).Sum()),
        ["views"] = () => (new Sequential(new Adjoint.Nn.Linear(4, 4)), Tensor.Randn(4, 4), y => (y[..2] * y.T[2..]).Sin().Sum()),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_kept_for_the_backward_pass_are_those_that_the_engine_holds(string name)
    {
        Rng.ManualSeed(2);
        (Module net, Tensor x, Func<Tensor, Tensor> loss) = Models[name]();
        GraphSummary summary = Graph.Capture(() => loss(((Sequential)net).Call(x)).Backward()).Summary();
        Tensor result = loss(((Sequential)net).Call(x));
        object[] outside = [x.MemoryOwner, .. net.StateDict().Values.Select(t => t.MemoryOwner)];
        var held = new Dictionary<object, long>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance) { result.GradFn! };
        var waiting = new Stack<Node>(seen);
        while (waiting.TryPop(out Node? node))
        {
            foreach (Tensor saved in node.Saved.Values.OfType<Tensor>().Where(s => s.DType.IsFloatingPoint && s.NDim > 0 || s.NumEl > 1))
                if (!outside.Contains(saved.MemoryOwner) && saved.DType != DType.Int64)
                    held[saved.MemoryOwner] = (long)saved.MemoryLength * saved.DType.Size;
            for (int i = 0; i < node.InputCount; i++)
                if (node.InputEdge(i).Node is { } next && seen.Add(next)) waiting.Push(next);
        }
        summary.SavedBytes.ShouldBe(held.Values.Sum(), summary.ToString());
    }

    [Fact]
    public void The_peak_is_where_most_results_are_there_at_once()
    {
        Tensor x = Tensor.Ones(1000);
        // exp and sin are there together with their product; the sum comes when they are gone.
        GraphSummary summary = Graph.Capture(x => (x.Exp() * x.Sin()).Sum(), x).Summary();
        summary.PeakBytes.ShouldBe(3 * 4000);
        summary.PeakAt!.Name.ShouldBe("mul");
        Graph.Capture(x => x.Exp().Sin().Cos().Sum(), x).Summary().PeakBytes.ShouldBe(2 * 4000);
        Graph.Capture(x => x.T, Tensor.Ones(3, 3)).Summary().PeakBytes.ShouldBe(0);
    }
}
