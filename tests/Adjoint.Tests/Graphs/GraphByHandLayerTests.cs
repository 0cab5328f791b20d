using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Layers that take several inputs, or give several results, written by hand: recurrent ones, attention, bags, and what is lazy.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandLayerTests
{
    // What a layer is called with, and all that it gives as one list.
    private static readonly Dictionary<string, Func<DType, (Module Layer, Func<Tensor[], Tensor?[]> Call, Tensor[] Inputs)>> s_layers = new()
    {
        ["rnn"] = d => Of(new RNN(3, 4, dtype: d), (l, x) => Both(l.Call(x[0])), [5, 2, 3]),
        ["rnn of one cell"] = d => Of(new RNN(1, 1, dtype: d), (l, x) => Both(l.Call(x[0])), [4, 1]),
        ["rnn of one step"] = d => Of(new RNN(3, 4, dtype: d), (l, x) => Both(l.Call(x[0], x[1])), [1, 2, 3], [1, 2, 4]),
        ["rnn, relu, both ways, two layers"] = d => Of(
            new RNN(3, 4, 2, Nonlinearity.Relu, bidirectional: true, dtype: d), (l, x) => Both(l.Call(x[0], x[1])), [5, 2, 3], [4, 2, 4]),
        ["rnn without bias, batch first"] = d => Of(
            new RNN(3, 4, bias: false, batchFirst: true, dtype: d), (l, x) => Both(l.Call(x[0])), [2, 5, 3]),
        ["lstm"] = d => Of(new LSTM(3, 4, dtype: d), (l, x) => All(l.Call(x[0], (x[1], x[2]))), [5, 2, 3], [1, 2, 4], [1, 2, 4]),
        ["lstm, large"] = d => Of(new LSTM(37, 40, dtype: d), (l, x) => All(l.Call(x[0])), [6, 9, 37]),
        ["lstm of one sequence"] = d => Of(new LSTM(3, 4, dtype: d), (l, x) => All(l.Call(x[0])), [7, 3]),
        ["lstm, the last state only"] = d => Of(new LSTM(3, 4, dtype: d), (l, x) => [l.Call(x[0]).State.C], [7, 2, 3]),
        ["lstm, projected, both ways"] = d => Of(
            new LSTM(3, 5, 2, bidirectional: true, projSize: 2, dtype: d), (l, x) => All(l.Call(x[0])), [4, 3, 3]),
        ["gru"] = d => Of(new GRU(3, 4, dtype: d), (l, x) => Both(l.Call(x[0], x[1])), [5, 2, 3], [1, 2, 4]),
        ["gru, large, both ways"] = d => Of(new GRU(20, 33, bidirectional: true, dtype: d), (l, x) => Both(l.Call(x[0])), [9, 6, 20]),
        ["gru of long sequences"] = d => Of(new GRU(2, 3, bias: false, dtype: d), (l, x) => Both(l.Call(x[0])), [600, 1, 2]),
        ["packed lstm"] = d => Of(new LSTM(3, 4, 2, bidirectional: true, dtype: d), (l, x) =>
        {
            (PackedSequence y, (Tensor h, Tensor c)) = l.Call(Sequences.PackPaddedSequence(x[0], [2, 5, 5, 1], enforceSorted: false));
            return [y.Data, h, c];
        }, [5, 4, 3]),
        ["packed gru"] = d => Of(new GRU(3, 4, dtype: d), (l, x) =>
        {
            (PackedSequence y, Tensor h) = l.Call(Sequences.PackPaddedSequence(x[0], [5, 3, 3]));
            return [y.Data, h];
        }, [5, 3, 3]),
        ["rnn cell"] = d => Of(new RNNCell(3, 4, dtype: d), (l, x) => [l.Call(l.Call(x[0], x[1]).Narrow(1, 0, 3), x[1])], [2, 3], [2, 4]),
        ["lstm cell"] = d => Of(new LSTMCell(3, 4, dtype: d), (l, x) => { (Tensor h, Tensor c) = l.Call(x[0]); return [h, c]; }, [2, 3]),
        ["gru cell"] = d => Of(new GRUCell(3, 4, dtype: d), (l, x) => [l.Call(x[0], x[1])], [3], [4]),
        ["attention"] = d => Of(new MultiheadAttention(4, 2, dtype: d), (l, x) =>
        {
            (Tensor y, Tensor? weights) = l.Call(x[0], x[1], x[1], attnMask: Tensor.Ones([3, 5], DType.Bool).Triu(3));
            return [y, weights];
        }, [3, 2, 4], [5, 2, 4]),
        ["attention, all options"] = d => Of(
            new MultiheadAttention(4, 2, 0.2, addBiasKv: true, addZeroAttn: true, kdim: 3, vdim: 5, batchFirst: true, dtype: d),
            (l, x) => [l.Call(x[0], x[1], x[2], needWeights: false).Output], [2, 3, 4], [2, 5, 3], [2, 5, 5]),
        ["encoder"] = d => Of(
            new TransformerEncoder(new TransformerEncoderLayer(4, 2, 6, dtype: d), 2), (l, x) => [l.Call(x[0])], [3, 2, 4]),
        ["encoder layer, norm first"] = d => Of(
            new TransformerEncoderLayer(4, 2, 6, normFirst: true, batchFirst: true, dtype: d), (l, x) => [l.Call(x[0])], [2, 3, 4]),
        ["decoder"] = d => Of(new TransformerDecoder(new TransformerDecoderLayer(4, 2, 6, dtype: d), 1),
            (l, x) => [l.Call(x[0], x[1])], [3, 2, 4], [5, 2, 4]),
        ["decoder layer"] = d => Of(new TransformerDecoderLayer(4, 2, 6, dtype: d), (l, x) => [l.Call(x[0], x[1])], [3, 2, 4], [5, 2, 4]),
        ["transformer"] = d => Of(new Transformer(4, 2, 1, 1, 6, dtype: d), (l, x) => [l.Call(x[0], x[1])], [5, 2, 4], [3, 2, 4]),
        ["unpool 1d"] = d => Unpool(new MaxUnpool1d(2), x => F.MaxPool1dWithIndices(x, 2), d, [2, 3, 8]),
        ["unpool 2d"] = d => Unpool(new MaxUnpool2d(2), x => F.MaxPool2dWithIndices(x, 2), d, [2, 3, 4, 6]),
        ["unpool 3d"] = d => Unpool(new MaxUnpool3d(2), x => F.MaxPool3dWithIndices(x, 2), d, [1, 2, 4, 2, 6]),
        ["bag of rows"] = d => Of(new EmbeddingBag(9, 4, dtype: d), (l, x) => [l.Call(Tensor.From([1L, 2, 2, 8, 0, 3]).Reshape(2, 3))]),
        ["bilinear"] = d => Of(new Adjoint.Nn.Bilinear(3, 4, 2, dtype: d), (l, x) => [l.Call(x[0], x[1])], [5, 3], [5, 4]),
        ["averaged"] = d => Of(
            new Adjoint.Optim.AveragedModel(new Sequential(new Adjoint.Nn.Linear(3, 4, dtype: d), new Tanh())), (l, x) => [l.Call(x[0])], [5, 3]),
        ["lazy linear"] = d => Lazy(new LazyLinear(3, dtype: d), d, [5, 4]),
        ["lazy conv 1d"] = d => Lazy(new LazyConv1d(3, 2, dtype: d), d, [2, 4, 5]),
        ["lazy conv 2d"] = d => Lazy(new LazyConv2d(3, 2, dtype: d), d, [2, 4, 5, 3]),
        ["lazy conv 3d"] = d => Lazy(new LazyConv3d(3, 2, dtype: d), d, [2, 2, 2, 5, 3]),
        ["lazy transposed 1d"] = d => Lazy(new LazyConvTranspose1d(3, 2, dtype: d), d, [2, 4, 5]),
        ["lazy transposed 2d"] = d => Lazy(new LazyConvTranspose2d(3, 2, dtype: d), d, [2, 4, 5, 3]),
        ["lazy transposed 3d"] = d => Lazy(new LazyConvTranspose3d(3, 2, dtype: d), d, [2, 2, 2, 3, 3]),
        ["lazy batch norm 1d"] = d => Lazy(new LazyBatchNorm1d(dtype: d), d, [6, 4]),
        ["lazy batch norm 2d"] = d => Lazy(new LazyBatchNorm2d(dtype: d), d, [2, 3, 4, 5]),
        ["lazy batch norm 3d"] = d => Lazy(new LazyBatchNorm3d(dtype: d), d, [1, 2, 3, 4, 3]),
        ["lazy instance norm 1d"] = d => Lazy(new LazyInstanceNorm1d(affine: true, dtype: d), d, [2, 3, 7]),
        ["lazy instance norm 2d"] = d => Lazy(new LazyInstanceNorm2d(affine: true, dtype: d), d, [2, 3, 4, 5]),
        ["lazy instance norm 3d"] = d => Lazy(new LazyInstanceNorm3d(affine: true, dtype: d), d, [1, 2, 3, 4, 3]),
        ["weight norm"] = d => Of((Adjoint.Nn.Linear)Parametrizations.WeightNorm(new Adjoint.Nn.Linear(3, 4, dtype: d)), (l, x) => [l.Call(x[0])], [5, 3]),
    };

    /// <summary>The types that are tested here; the test of modules of one input asks for them.</summary>
    internal static HashSet<Type> Types() =>
    [
        .. s_layers.Values.SelectMany(make => new[] { make(DType.Float32).Layer }.SelectMany(l => l.Modules().Select(m => m.GetType()))),
    ];

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Every_layer_of_several_inputs_trains_and_is_evaluated_with_the_same_bits(DType dtype)
    {
        var steps = new WrittenSteps();
        foreach ((string name, var make) in s_layers)
        {
            foreach (bool training in (bool[])[true, false])
            {
                Rng.ManualSeed(4);
                (Module layer, Func<Tensor[], Tensor?[]> call, Tensor[] inputs) = make(dtype);
                layer.Train(training);
                Tensor[] weights = [.. call(inputs).OfType<Tensor>().Select(y => Tensor.Randn(y.Shape, dtype))];
                steps.Add($"{name}, {(training ? "training" : "evaluated")}", () =>
                {
                    layer.ZeroGrad();
                    foreach (Tensor x in inputs) x.Grad = null;
                    Tensor[] y = [.. call(inputs).OfType<Tensor>()];
                    Tensor loss = (y[0] * weights[0]).Sum();
                    for (int i = 1; i < y.Length; i++) loss += (y[i] * weights[i]).Sum();
                    loss.Backward();
                });
            }
        }
        steps.Compare(2);
    }

    /// <summary>What is only computed, and what is derived twice.</summary>
    [Fact]
    public void Recurrent_layers_without_gradients_and_their_second_derivatives_are_written()
    {
        var programs = new WrittenPrograms();
        List<(string, int, Graph, Func<Tensor[]>)> all = [];
        Rng.ManualSeed(4);
        Tensor x = Tensor.Randn([5, 2, 3]);
        var lstm = new LSTM(3, 4, projSize: 2);
        var gru = new GRU(3, 4);
        void Add(string name, Func<Tensor[]> f)
        {
            Graph graph = Graph.Capture(_ => f(), []);
            all.Add((name, programs.Add(graph), graph, f));
        }
        Add("lstm", () => { using (Autograd.NoGrad()) return [lstm.Call(x).Output]; });
        Add("gru", () => { using (Autograd.NoGrad()) return [gru.Call(x).Output]; });
        Add("second", () =>
        {
            Tensor y = x.Detach().RequiresGradInPlace(), first = Autograd.Grad([gru.Call(y).Output.Square().Sum()], [y], createGraph: true)[0]!;
            return [first, Autograd.Grad([first.Square().Sum()], [y])[0]!];
        });
        foreach ((string name, int program, Graph graph, Func<Tensor[]> f) in all)
        {
            Tensor[] expected = f();
            programs.Run(program);
            for (int i = 0; i < expected.Length; i++)
                GraphByHandTests.AreSame(programs.Bits(program, graph.Outputs[i]), GraphRunTests.Bits(expected[i])).ShouldBeTrue($"{name} {i}");
        }
    }

    /// <summary>Where a bag ends, and which cluster a class is in, are values: what is computed depends on them, so there is no graph.</summary>
    [Fact]
    public void Layers_that_follow_values_are_refused_by_their_name_and_line()
    {
        var bag = new EmbeddingBag(9, 4);
        var adaptive = new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], 2);
        Tensor words = Tensor.From([1L, 2, 2]), starts = Tensor.From([0L, 2]), x = Tensor.Ones(2, 6), classes = Tensor.From([0L, 11]);
        foreach ((string name, Action call) in ((string, Action)[])
            [("EmbeddingBag", () => bag.Call(words, starts)), ("AdaptiveLogSoftmaxWithLoss", () => adaptive.Call(x, classes))])
        {
            GraphException refused = Should.Throw<GraphException>(() => Graph.Capture(call, lines: true));
            refused.Message.ShouldStartWith(name + ": reads elements of a tensor");
            refused.Line.ShouldNotBeNull();
        }
    }

    [Fact]
    public void A_cell_is_written_with_the_names_of_its_gates()
    {
        var cell = new LSTMCell(2, 3);
        Tensor x = Tensor.Ones(1, 2);
        string text = Graph.Capture(() => cell.Call(x).H.Sum().Backward()).ToCSharp();
        text.ShouldContain("float forgetGate = Sigmoid(");
        text.ShouldContain(" = forgetGate * ");
        text.ShouldContain(" = outputGate * squashed;");
    }

    private static (Module, Func<Tensor[], Tensor?[]>, Tensor[]) Of<TLayer>(
        TLayer layer, Func<TLayer, Tensor[], Tensor?[]> call, params Shape[] shapes) where TLayer : Module
    {
        DType dtype = layer.Parameters().Select(p => p.DType).FirstOrDefault(DType.Float32);
        return (layer, x => call(layer, x), [.. shapes.Select(shape => Tensor.Randn(shape, dtype).RequiresGradInPlace())]);
    }

    private static Tensor?[] Both((Tensor, Tensor) result) => [result.Item1, result.Item2];

    private static Tensor?[] All((Tensor Y, (Tensor H, Tensor C) State) result) => [result.Y, result.State.H, result.State.C];

    private static (Module, Func<Tensor[], Tensor?[]>, Tensor[]) Unpool(
        Module layer, Func<Tensor, (Tensor Values, Tensor Indices)> pool, DType dtype, Shape shape)
    {
        (Tensor values, Tensor places) = pool(Tensor.Randn(shape, dtype));
        return (layer, x => [layer.Call(x[0], places)], [values.Detach().RequiresGradInPlace()]);
    }

    private static (Module, Func<Tensor[], Tensor?[]>, Tensor[]) Lazy(Module layer, DType dtype, Shape shape)
    {
        Tensor x = Tensor.Randn(shape, dtype).RequiresGradInPlace();
        layer.Call(x);
        return (layer, all => [layer.Call(all[0])], [x]);
    }
}
