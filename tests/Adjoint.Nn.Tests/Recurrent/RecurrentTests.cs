namespace Adjoint.Tests.Nn.Recurrent;

using Adjoint.Kernels;
using Adjoint.Nn;
using Adjoint.Tests.Ops;

/// <summary>Recurrent layers: derivatives of all kinds, tensor operations that agree with the kernels, and what is refused.</summary>
public class RecurrentTests
{
    private static readonly int[] BatchSizes = [3, 3, 2, 1];

    public static TheoryData<string, bool> Kinds => [.. from kind in (string[])["Tanh", "Relu", "Lstm", "Gru", "projected"] from reversed in (bool[])[false, true] select (kind, reversed)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Derivatives_of_first_and_second_order_are_those_of_finite_differences(string name, bool isReversed)
    {
        (RecurrentKind kind, Tensor[] inputs) = Work(name, 9);
        // A corner of the ReLU is nowhere near with these numbers; of its second derivative there is nothing.
        FiniteDifferences.Check(x => Together(kind, isReversed, x), inputs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tangents_are_those_of_the_gradients(string name, bool isReversed)
    {
        (RecurrentKind kind, Tensor[] inputs) = Work(name, 9);
        Tensor[] directions = [.. inputs.Select((x, i) => Tensor.Randn(x.Shape, DType.Float64, generator: new Generator((ulong)i)))];
        IReadOnlyList<Tensor> F(IReadOnlyList<Tensor> x) => new[] { Together(kind, isReversed, [.. x]) };
        (_, IReadOnlyList<Tensor> forward) = Transforms.Jvp(F, inputs, directions);
        Tensor u = Tensor.Randn(forward[0].Shape, DType.Float64, generator: new Generator(99));
        (_, IReadOnlyList<Tensor> reverse) = Transforms.Vjp(F, inputs, new[] { u });
        double byForward = (forward[0] * u).Sum().Item(), byReverse = reverse.Zip(directions, (g, t) => (g * t).Sum().Item()).Sum();
        byForward.ShouldBe(byReverse, 1e-10 * Math.Max(1, Math.Abs(byReverse)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_kernels_compute_what_tensor_operations_do(string name, bool isReversed)
    {
        (RecurrentKind kind, Tensor[] inputs) = Work(name, 37);
        var order = new RecurrentOrder(BatchSizes, isReversed);
        Tensor?[] x = Arranged(kind, inputs);
        var weights = new RecurrentWeights(x[3]!, x[4]!, x[5], x[6], x[7]);
        (Tensor y, Tensor h, Tensor? c) = RecurrentOp.Apply(kind, order, x[0]!, x[1]!, x[2], weights);
        (Tensor y2, Tensor h2, Tensor? c2) = RecurrentComposite.Run(kind, order, x[0]!, x[1]!, x[2], weights);
        y.AllClose(y2, 1e-12, 1e-12).ShouldBeTrue();
        h.AllClose(h2, 1e-12, 1e-12).ShouldBeTrue();
        if (c is not null) c.AllClose(c2!, 1e-12, 1e-12).ShouldBeTrue();
    }

    [Fact]
    public void A_weight_that_is_also_the_way_to_an_input_gets_both_gradients() =>
        FiniteDifferences.Check(
            v =>
            {
                // The recurrent weight makes the input, too.
                Tensor x = Tensor.Cat([v[0], v[0] * v[0]], 0);
                (Tensor y, _, _) = RecurrentOp.Apply(
                    RecurrentKind.Tanh, new RecurrentOrder([3, 3], false), x, v[0].Sin(), null, new RecurrentWeights(v[1], v[0]));
                return y;
            }, Tensor.Randn([3, 3], DType.Float64, generator: new Generator(1)), Tensor.Randn([3, 3], DType.Float64, generator: new Generator(2)));

    [Fact]
    public void A_Jacobian_is_the_same_by_rows_and_by_columns()
    {
        var lstm = new LSTM(2, 3, 2, bidirectional: true, dtype: DType.Float64);
        Tensor x = Tensor.Randn([8], DType.Float64, generator: new Generator(4));
        Tensor F(Tensor v) => lstm.Call(v.Reshape(4, 1, 2)).Output.Flatten();
        Tensor rows = Transforms.Jacobian(F, x, DerivativeMode.Reverse), columns = Transforms.Jacobian(F, x, DerivativeMode.Forward);
        rows.AllClose(columns, 1e-12, 1e-12).ShouldBeTrue();
    }

    [Fact]
    public void An_output_that_nobody_uses_sends_nothing_back()
    {
        var lstm = new LSTM(2, 3);
        (_, (_, Tensor c)) = lstm.Call(Tensor.Randn([4, 2, 2]));
        c.Sum().Backward();
        lstm["weight_ih_l0"].Grad.ShouldNotBeNull();
        lstm.ZeroGrad();
        (Tensor output, _) = lstm.Call(Tensor.Randn([4, 2, 2]));
        output.Sum().Backward();
        lstm["weight_hh_l0"].Grad.ShouldNotBeNull();
    }

    [Fact]
    public void Batches_of_no_sequences_pass()
    {
        (Tensor y, (Tensor h, _)) = new LSTM(2, 3).Call(Tensor.Zeros(4, 0, 2));
        y.Shape.ShouldBe(Shape.Of(4, 0, 3));
        h.Shape.ShouldBe(Shape.Of(1, 0, 3));
        y.Sum().Backward();
        new GRU(0, 3).Call(Tensor.Zeros(4, 2, 0)).Output.Shape.ShouldBe(Shape.Of(4, 2, 3));
        new RNNCell(2, 3).Call(Tensor.Zeros(0, 2)).Shape.ShouldBe(Shape.Of(0, 3));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var lstm = new LSTM(2, 3);
        Tensor x = Tensor.Randn([4, 2, 2]), h = Tensor.Zeros(1, 2, 3);
        Should.Throw<ShapeException>(() => lstm.Call(Tensor.Randn([4, 2, 3]))).Message.ShouldStartWith("LSTM: the input of shape [4, 2, 3] has 3 features");
        Should.Throw<ShapeException>(() => lstm.Call(Tensor.Randn([2]))).Message.ShouldStartWith("LSTM: the input must be [T, N, 2]");
        Should.Throw<ShapeException>(() => lstm.Call(Tensor.Zeros(0, 2, 2))).Message.ShouldStartWith("LSTM: the input of shape [0, 2, 2] has no steps");
        Should.Throw<ShapeException>(() => lstm.Call(x, (h, Tensor.Zeros(1, 2, 4)))).Message.ShouldStartWith("LSTM: cx must have shape [1, 2, 3]");
        Should.Throw<ShapeException>(() => lstm.Call(x, (h[0], h))).Message.ShouldStartWith("LSTM: hx must have shape [1, 2, 3]");
        Should.Throw<DTypeException>(() => lstm.Call(x.To(DType.Float64))).Message.ShouldStartWith("LSTM: the input is Float64");
        Should.Throw<DTypeException>(() => lstm.Call(x, (h.To(DType.Float64), h))).Message.ShouldStartWith("LSTM: hx is Float64");
        Should.Throw<ArgumentException>(() => lstm.Call(x.Reshape(8, 2), null, [3, 5])).Message.ShouldStartWith("LSTM: batchSizes");
        Should.Throw<ShapeException>(() => lstm.Call(x.Reshape(8, 2), null, [5, 2])).Message.ShouldStartWith("LSTM: batchSizes");
        Should.Throw<ArgumentOutOfRangeException>(() => new LSTM(2, 3, projSize: 3)).Message.ShouldStartWith("LSTM: projSize");
        Should.Throw<ArgumentOutOfRangeException>(() => new GRU(2, 0)).ParamName.ShouldBe("hiddenSize");
        Should.Throw<ArgumentOutOfRangeException>(() => new GRU(2, 1, 0)).ParamName.ShouldBe("numLayers");
        Should.Throw<ArgumentOutOfRangeException>(() => new GRU(2, 1, dropout: 1.5)).ParamName.ShouldBe("dropout");
        Should.Throw<ArgumentOutOfRangeException>(() => new RNN(2, 1, nonlinearity: Nonlinearity.Selu)).ParamName.ShouldBe("nonlinearity");
        Should.Throw<ArgumentOutOfRangeException>(() => new LSTM(2, int.MaxValue)).ParamName.ShouldBe("hiddenSize");
        Should.Throw<ArgumentOutOfRangeException>(() => new LSTM(2, 1, int.MaxValue)).ParamName.ShouldBe("numLayers");
        Should.Throw<KeyNotFoundException>(() => lstm["weight"]).Message.ShouldContain("weight_ih_l0");
        Should.Throw<SlotException>(() => lstm["weight_ih_l0"] = Tensor.Zeros(12, 2)).Message.ShouldContain("weight_ih_l0");
        Should.Throw<ShapeException>(() => lstm["weight_ih_l0"] = Tensor.Zeros(2, 12).AsParameter()).Message.ShouldContain("weight_ih_l0");
        Should.Throw<ShapeException>(() => new GRUCell(2, 3).Call(x)).Message.ShouldStartWith("GRUCell: the input must be [N, 2]");
        Should.Throw<ShapeException>(() => new GRUCell(2, 3).Call(x[0], h[0][..1])).Message.ShouldStartWith("GRUCell: hx must have");
        Should.Throw<ArgumentException>(() => Sequences.PackPaddedSequence(x, [2, 4])).Message.ShouldContain("enforceSorted");
        Should.Throw<ArgumentException>(() => Sequences.PackPaddedSequence(x, [5, 4])).Message.ShouldStartWith("PackPaddedSequence: lengths");
        Should.Throw<ArgumentException>(() => Sequences.PackPaddedSequence(x, [4, 0])).Message.ShouldStartWith("PackPaddedSequence: lengths");
        Should.Throw<ShapeException>(() => Sequences.PackPaddedSequence(x, [4])).Message.ShouldStartWith("PackPaddedSequence: input");
        Should.Throw<ArgumentException>(() => Sequences.PadSequence([])).Message.ShouldStartWith("PadSequence: sequences");
        Should.Throw<ShapeException>(() => Sequences.PadSequence([x, h])).Message.ShouldStartWith("PadSequence: sequences");
        Should.Throw<ArgumentException>(() => new PackedSequence(x[0], [2], [0, 0])).Message.ShouldStartWith("PackedSequence: sortedIndices");
        PackedSequence packed = Sequences.PackPaddedSequence(x, [2, 4], enforceSorted: false);
        Should.Throw<ArgumentOutOfRangeException>(() => Sequences.PadPackedSequence(packed, totalLength: 3)).ParamName.ShouldBe("totalLength");
        Should.Throw<ShapeException>(() => lstm.Call(packed, (Tensor.Zeros(1, 3, 3), h))).Message.ShouldStartWith("PackedSequence: ");
    }

    [Fact]
    public void A_hook_sees_the_tensors_of_a_packed_call()
    {
        var gru = new GRU(2, 3);
        List<string> seen = [];
        gru.RegisterForwardHook((_, inputs, output) =>
        {
            seen.Add($"{string.Join(" ", inputs.Select(t => t.Shape))} -> {output.Shape}");
            return null;
        });
        gru.Call(Sequences.PackPaddedSequence(Tensor.Randn([4, 2, 2]), [4, 2]));
        seen.ShouldBe(["[6, 2] -> [6, 3]", "[6, 2] -> [1, 2, 3]"]);
    }

    private static (RecurrentKind Kind, Tensor[] Inputs) Work(string name, ulong seed)
    {
        bool projects = name == "projected";
        RecurrentKind kind = projects ? RecurrentKind.Lstm : Enum.Parse<RecurrentKind>(name);
        var generator = new Generator(seed);
        int rows = BatchSizes.Sum(), n = 3, state = projects ? 2 : n, wide = kind.Gates() * n;
        List<int[]> shapes = [[rows, 2], [3, state]];
        if (kind == RecurrentKind.Lstm) shapes.Add([3, n]);
        shapes.AddRange([[wide, 2], [wide, state], [wide], [wide]]);
        if (projects) shapes.Add([state, n]);
        return (kind, [.. shapes.Select(shape => Tensor.Randn(Shape.Of(shape), DType.Float64, generator: generator))]);
    }

    private static Tensor?[] Arranged(RecurrentKind kind, Tensor[] x)
    {
        var all = new Tensor?[8];
        int at = 0;
        for (int i = 0; i < all.Length && at < x.Length; i++)
            if (i != 2 || kind == RecurrentKind.Lstm) all[i] = x[at++];
        return all;
    }

    private static Tensor Together(RecurrentKind kind, bool isReversed, Tensor[] inputs)
    {
        Tensor?[] x = Arranged(kind, inputs);
        (Tensor y, Tensor h, Tensor? c) = RecurrentOp.Apply(
            kind, new RecurrentOrder(BatchSizes, isReversed), x[0]!, x[1]!, x[2], new RecurrentWeights(x[3]!, x[4]!, x[5], x[6], x[7]));
        Tensor[] all = c is null ? [y.Flatten(), h.Flatten() * 2] : [y.Flatten(), h.Flatten() * 2, c.Flatten() * 3];
        return Tensor.Cat(all, 0);
    }
}
