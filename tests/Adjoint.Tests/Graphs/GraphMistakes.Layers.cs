using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Whole layers, and what is done wrong with them.</summary>
public static partial class GraphMistakes
{
    private static Tensor Of(Module layer, int number) => layer.Parameters().ElementAt(number);

    private static Dictionary<string, GraphMistake> Layers() => new()
    {
        ["a GRU over time"] = new(() =>
        {
            var gru = new GRU(2, 3);
            Tensor x = Tensor.Randn(5, 4, 2);
            return Of(Of(gru, 1), () => gru.Call(x).Output.Square().Mean());
        }, [4, 1], GraphReason.Ordinary),
        ["the forget gate of an LSTM that is projected"] = new(() =>
        {
            var lstm = new LSTM(2, 3, projSize: 2);
            Tensor x = Tensor.Randn(5, 4, 2);
            return Of(Of(lstm, 0), () => lstm.Call(x).Output[^1].Square().Mean());
        }, [4, 1], GraphReason.Ordinary),
        ["packed sequences both ways"] = new(() =>
        {
            var gru = new GRU(2, 3, bidirectional: true);
            Tensor x = Tensor.Randn(4, 3, 2);
            return Of(Of(gru, 4), () => gru.Call(Sequences.PackPaddedSequence(x, [4, 2, 1])).Output.Data.Square().Sum());
        }, [2, 1], GraphReason.Ordinary),
        ["the forget gate before any state"] = new(() =>
        {
            var cell = new LSTMCell(2, 3);
            Tensor x = Tensor.Randn(4, 2);
            return Of(Of(cell, 0), () => cell.Call(x).H.Sum());
        }, [4, 1], GraphReason.Zero),
        ["attention whose row is masked whole"] = new(() =>
        {
            var attention = new MultiheadAttention(4, 2);
            Tensor x = Tensor.Randn(3, 2, 4), mask = Tensor.Ones([3, 3], DType.Bool).Tril();
            return Of(Of(attention, 0), () => attention.Call(x, x, x, attnMask: mask).Output.Square().Sum());
        }, [1, 2], GraphReason.NotFinite),
        ["attention with a causal mask"] = new(() =>
        {
            var attention = new MultiheadAttention(4, 2);
            Tensor x = Tensor.Randn(3, 2, 4), mask = Tensor.Ones([3, 3], DType.Bool).Triu(1);
            return Of(Of(attention, 0), () => attention.Call(x, x, x, attnMask: mask).Output.Square().Sum());
        }, [9, 2], GraphReason.Ordinary),
        ["the bias of the keys, which softmax takes away"] = new(() =>
        {
            Tensor q = Tensor.Randn([3, 4], DType.Float64), k = Tensor.Randn([5, 4], DType.Float64);
            Tensor v = Tensor.Randn([5, 2], DType.Float64);
            Tensor b = Tensor.Zeros([3, 1], DType.Float64).RequiresGradInPlace();
            return Of(b, () => (q.MatMul(k.T) + b).Softmax(1).MatMul(v).Square().Sum());
        }, [1, 0], GraphReason.Tiny),
        ["a bias before batch norm, in double precision"] = new(() =>
        {
            var net = new Sequential(
                new Adjoint.Nn.Linear(2, 3, dtype: DType.Float64), new BatchNorm1d(3, dtype: DType.Float64), new Tanh());
            Tensor x = Tensor.Randn([6, 2], DType.Float64);
            return Of(Of(net, 1), () => net.Call(x).Square().Sum());
        }, [1], GraphReason.Tiny),
        ["a layer norm of one feature"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 1), new LayerNorm([1]));
            Tensor x = Tensor.Randn(4, 2);
            return Of(Of(net, 0), () => net.Call(x).Square().Sum());
        }, [0, 1], GraphReason.Zero),
        ["softmax of one class"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 1);
            Tensor x = Tensor.Randn(4, 2), y = Tensor.Rand(4, 1);
            return Of(layer.Weight, () => F.MseLoss(layer.Call(x).Softmax(1), y));
        }, [0, 1], GraphReason.Zero),
        ["softmax over the batch"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 3);
            Tensor x = Tensor.Randn(4, 2), y = Tensor.Rand(4, 3);
            return Of(layer.Weight, () => F.MseLoss(layer.Call(x).Softmax(0), y));
        }, [1, 1], GraphReason.Ordinary),
        ["a log of what sigmoid rounded to 0"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(2, 1);
            Tensor x = Tensor.Full([4, 2], -200f);
            layer.Weight.Detach().CopyFrom([1f, 1f]);
            return Of(layer.Weight, () => -layer.Call(x).Sigmoid().Log().Mean());
        }, [0, 1], GraphReason.NotFinite),
        ["dead units"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new ReLU(), new Adjoint.Nn.Linear(3, 1));
            Tensor x = Tensor.Rand(4, 2);
            Of(net, 1).Detach().FillInPlace(-9);
            return Of(Of(net, 0), () => net.Call(x).Sum());
        }, [1, 0], GraphReason.Zero, "relu"),
        ["the row of an embedding that pads"] = new(() =>
        {
            var rows = new Embedding(5, 3, paddingIdx: 0);
            Tensor words = Labels(0, 3, 1);
            return Of(rows.Weight, () => rows.Call(words).Square().Sum());
        }, [0, 1], GraphReason.Zero, "padding"),
        ["a word that the batch does not have"] = new(() =>
        {
            var rows = new Embedding(5, 3);
            Tensor words = Labels(0, 3, 1);
            return Of(rows.Weight, () => rows.Call(words).Square().Sum());
        }, [4, 1], GraphReason.Zero),
        ["everything dropped"] = new(() =>
        {
            Tensor w = W;
            return Of(w, () => F.Dropout(w, 1).Sum());
        }, [0], GraphReason.Zero),
        ["an element overwritten in place by an index"] = new(() =>
        {
            Tensor w = W;
            return Of(w, () =>
            {
                Tensor y = w * 3;
                y[0] = Tensor.Scalar(5f);
                return y.Sum();
            });
        }, [0], GraphReason.Zero),
        ["rounded down"] = new(() => { Tensor w = W; return Of(w, () => (w * 1.5).Floor().Sum()); }, [1], GraphReason.Zero, "floor"),
        ["a mask that is computed"] = new(() =>
        {
            Tensor w = W, x = Tensor.From([0.5f, 3f]);
            return Of(w, () => (x * (w > 1.5).To(DType.Float32)).Sum() + Tensor.Scalar(0f, requiresGrad: true));
        }, [1], GraphReason.Missing, "gt"),
        ["a generator that only the discriminator's step sees"] = new(() =>
        {
            var generator = new Adjoint.Nn.Linear(2, 2);
            var judge = new Adjoint.Nn.Linear(2, 1);
            Tensor z = Tensor.Randn(4, 2);
            return Of(generator.Weight, () => judge.Call(generator.Call(z).Detach()).Sigmoid().Mean());
        }, [0, 1], GraphReason.Missing, "Detach()"),
        ["a filter whose window the stride leaves out"] = new(() =>
        {
            Tensor x = Tensor.Randn(1, 1, 2, 5), w = Tensor.Randn(1, 1, 2, 1).RequiresGradInPlace(), mask = Tensor.Zeros(1, 1, 1, 3);
            return Of(w, () => (F.Conv2d(x, w, stride: 2) * mask).Sum());
        }, [0, 0, 1, 0], GraphReason.Zero),
        ["a filter"] = new(() =>
        {
            var layer = new Conv2d(2, 3, 3, padding: 1);
            Tensor x = Tensor.Randn(2, 2, 4, 4);
            return Of(layer.Weight, () => F.MaxPool2d(layer.Call(x).Relu(), 2).Square().Mean());
        }, [1, 0, 2, 1], GraphReason.Ordinary),
        ["the smaller of two that max chooses from"] = new(() =>
        {
            Tensor w = W, v = Tensor.From([5f, 0f]);
            return Of(w, () => Tensor.Maximum(w, v).Sum());
        }, [0], GraphReason.Zero, "maximum"),
        ["a norm of zeros"] = new(() =>
        {
            Tensor w = Tensor.Zeros(3).RequiresGradInPlace();
            return Of(w, () => w.Norm());
        }, [1], GraphReason.Zero),
        ["NaN that is replaced going forward"] = new(() =>
        {
            Tensor w = Tensor.From([0f, 2f], requiresGrad: true);
            return Of(w, () => (w / w).NaNToNum(0).Sum());
        }, [0], GraphReason.NotFinite),
        ["tied with its transpose"] = new(() =>
        {
            var code = new Adjoint.Nn.Linear(3, 2);
            Tensor x = Tensor.Randn(4, 3);
            return Of(code.Weight, () => F.MseLoss(F.Linear(code.Call(x).Tanh(), code.Weight.T), x));
        }, [1, 2], GraphReason.Ordinary),
        ["accumulated over parts of a batch"] = new(() =>
        {
            var layer = new Adjoint.Nn.Linear(3, 2);
            Tensor x = Tensor.Randn(4, 3);
            return (layer.Weight, () =>
            {
                layer.ZeroGrad();
                for (int i = 0; i < 4; i += 2) (layer.Call(x[i..(i + 2)]).Square().Mean() / 2).Backward();
            });
        }, [1, 2], GraphReason.Ordinary),
        ["a head that the loss leaves out"] = new(() =>
        {
            var body = new Adjoint.Nn.Linear(3, 2);
            var head = new Adjoint.Nn.Linear(2, 1);
            Tensor x = Tensor.Randn(4, 3);
            return Of(head.Weight, () =>
            {
                Tensor h = body.Call(x);
                head.Call(h);
                return h.Sum();
            });
        }, [0, 1], GraphReason.Missing, "does not lead to"),
        ["weights that are far too large"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new Tanh(), new Adjoint.Nn.Linear(3, 1));
            Tensor x = Tensor.Full([2, 2], 1f);
            Of(net, 0).Detach().FillInPlace(1e4);
            return Of(Of(net, 0), () => net.Call(x).Sum());
        }, [0, 0], GraphReason.Zero, "tanh"),
    };
}
