using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Whole layers, and what is done wrong with them.</summary>
public static partial class GraphMistakes
{
    private static Tensor Parameter(Module layer, int number) => layer.Parameters().ElementAt(number);

    private static Dictionary<string, GraphMistake> Layers() => new()
    {
        ["a GRU over time"] = new(() =>
        {
            var gru = new GRU(2, 3);
            Tensor x = Tensor.Randn(5, 4, 2);
            return Of(Parameter(gru, 1), () => gru.Call(x).Output.Square().Mean());
        }, [4, 1], GraphReason.Ordinary),
        ["the forget gate of an LSTM that is projected"] = new(() =>
        {
            var lstm = new LSTM(2, 3, projSize: 2);
            Tensor x = Tensor.Randn(5, 4, 2);
            return Of(Parameter(lstm, 0), () => lstm.Call(x).Output[^1].Square().Mean());
        }, [4, 1], GraphReason.Ordinary),
        ["packed sequences both ways"] = new(() =>
        {
            var gru = new GRU(2, 3, bidirectional: true);
            Tensor x = Tensor.Randn(4, 3, 2);
            return Of(Parameter(gru, 4), () => gru.Call(Sequences.PackPaddedSequence(x, [4, 2, 1])).Output.Data.Square().Sum());
        }, [2, 1], GraphReason.Ordinary),
        ["the forget gate before any state"] = new(() =>
        {
            var cell = new LSTMCell(2, 3);
            Tensor x = Tensor.Randn(4, 2);
            return Of(Parameter(cell, 0), () => cell.Call(x).H.Sum());
        }, [4, 1], GraphReason.Zero),
        ["attention whose row is masked whole"] = new(() =>
        {
            var attention = new MultiheadAttention(4, 2);
            Tensor x = Tensor.Randn(3, 2, 4), mask = Tensor.Ones([3, 3], DType.Bool).Tril();
            return Of(Parameter(attention, 0), () => attention.Call(x, x, x, attnMask: mask).Output.Square().Sum());
        }, [1, 2], GraphReason.NotFinite),
        ["attention with a causal mask"] = new(() =>
        {
            var attention = new MultiheadAttention(4, 2);
            Tensor x = Tensor.Randn(3, 2, 4), mask = Tensor.Ones([3, 3], DType.Bool).Triu(1);
            return Of(Parameter(attention, 0), () => attention.Call(x, x, x, attnMask: mask).Output.Square().Sum());
        }, [9, 2], GraphReason.Ordinary),
        ["a layer norm of one feature"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 1), new LayerNorm([1]));
            Tensor x = Tensor.Randn(4, 2);
            return Of(Parameter(net, 0), () => net.Call(x).Square().Sum());
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
            layer.Weight.CopyFrom<float>([1f, 1f]);
            return Of(layer.Weight, () => -layer.Call(x).Sigmoid().Log().Mean());
        }, [0, 1], GraphReason.NotFinite),
        ["dead units"] = new(() =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(2, 3), new ReLU(), new Adjoint.Nn.Linear(3, 1));
            Tensor x = Tensor.Rand(4, 2);
            Parameter(net, 1).Write<float>(b => b.Fill(-9));
            return Of(Parameter(net, 0), () => net.Call(x).Sum());
        }, [1, 0], GraphReason.Zero, "relu"),
        ["everything dropped"] = new(() =>
        {
            Tensor w = W;
            return Of(w, () => F.Dropout(w, 1).Sum());
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
        ["a filter whose results a mask takes out"] = new(() =>
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
            return Of(w, () => w.Maximum(v).Sum());
        }, [0], GraphReason.Zero, "maximum"),
        ["a norm of zeros"] = new(() =>
        {
            Tensor w = Tensor.Zeros(3).RequiresGradInPlace();
            return Of(w, () => w.Norm());
        }, [1], GraphReason.Zero),
        ["NaN that is replaced going forward"] = new(() =>
        {
            Tensor w = Tensor.From([0f, 2f], requiresGrad: true);
            return Of(w, () => (w / w).NaNToNum().Sum());
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
            Parameter(net, 0).Write<float>(w => w.Fill(1e4f));
            return Of(Parameter(net, 0), () => net.Call(x).Sum());
        }, [0, 0], GraphReason.Zero, "tanh"),
    };
}
