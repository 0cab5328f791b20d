using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Compile.Twins;

/// <summary>The models that are trained twice: each kind of layer, of optimizer, and of step.</summary>
internal static class TwinModels
{
    internal static IReadOnlyList<TwinModel> All { get; } =
    [
        Rows("linear, adam", _ => new Sequential(Dense(6, 8), new ReLU(), Dense(8, 3)), p => new Adam(p, 0.01)),
        Rows("dropout, sgd", g => new Sequential(Dense(6, 8), new Dropout(0.3, generator: g), Dense(8, 3)), p => new SGD(p, 0.1)),
        Rows("default dropout", _ => new Sequential(Dense(6, 8), new Dropout(0.3), Dense(8, 3)), p => new SGD(p, 0.1)),
        Rows("batch norm", _ => new Sequential(Dense(6, 8), new BatchNorm1d(8), new GELU(), Dense(8, 3)),
            p => new SGD(p, 0.1, momentum: 0.9, nesterov: true)),
        Rows("layer norm", _ => new Sequential(Dense(6, 8), new LayerNorm(8), new SiLU(), Dense(8, 3)), p => new AdamW(p, 0.01)),
        Rows("group norm, rms norm", _ => new Sequential(
            Dense(6, 8), new GroupNorm(2, 8), new Softplus(), new RMSNorm([8]), Dense(8, 3)), p => new RMSprop(p, 0.01)),
        Rows("weight norm", _ => new Sequential(
            (Module)Parametrizations.WeightNorm(Dense(6, 8)), new Tanh(), Dense(8, 3)), p => new Adam(p, 0.01)),
        Rows("spectral norm", _ => new Sequential(
            (Module)Parametrizations.SpectralNorm(Dense(6, 8)), new Tanh(), Dense(8, 3)), p => new SGD(p, 0.1)),
        Rows("lazy", _ => new Sequential(new LazyLinear(8), new ReLU(), new LazyLinear(3)), p => new Adam(p, 0.01)),
        Rows("muon", _ => new Sequential(Dense(6, 8, bias: false), new ReLU(), Dense(8, 3, bias: false)), p => new Muon(p, 0.01)),
        Rows("adafactor", _ => Mlp(), p => new Adafactor(p)),
        Rows("lion", _ => Mlp(), p => new Lion(p, new())),
        Rows("nadam", _ => Mlp(), p => new NAdam(p)),
        Rows("radam", _ => Mlp(), p => new RAdam(p)),
        Rows("asgd", _ => Mlp(), p => new ASGD(p)),
        Rows("rprop", _ => Mlp(), p => new Rprop(p)),
        Rows("amsgrad", _ => Mlp(), p => new Adam(p, 0.01, amsgrad: true, weightDecay: 0.1)),
        Rows("adagrad", _ => Mlp(), p => new Adagrad(p, lrDecay: 0.1)),
        Rows("accumulates", _ => Mlp(), p => new Adam(p, 0.01)) with { Step = twin => (x, t) => Backward(twin, x, t, 1) },
        Rows("accumulates, then steps", _ => Mlp(), p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                Backward(twin, x, t, 0.5);
                Tensor loss = Backward(twin, x, t, 0.5);
                twin.Optimizer.Step();
                return loss;
            },
        },
        Rows("zeros in place", _ => Mlp(), p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad(setToNone: false);
                Tensor loss = Backward(twin, x, t, 1);
                twin.Optimizer.Step();
                return loss;
            },
        },
        Rows("clips by norm", _ => Mlp(), p => new SGD(p, 0.1, momentum: 0.9)) with
        {
            Step = twin => Between(twin, () => Gradients.ClipNorm(twin.Net.Parameters(), 0.05)),
        },
        Rows("clips by value", _ => Mlp(), p => new Adam(p, 0.1)) with
        {
            Step = twin => Between(twin, () => Gradients.ClipValue(twin.Net.Parameters(), 0.01)),
        },
        Rows("penalty on gradients", _ => new Sequential(Dense(6, 8), new Tanh(), Dense(8, 3)), p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                Tensor loss = twin.Loss(x, t);
                Tensor[] p = [.. twin.Net.Parameters().Where(one => one.RequiresGrad)];
                IReadOnlyList<Tensor?> g = Autograd.Grad([loss], p, createGraph: true);
                Tensor all = g.Aggregate(loss, (sum, one) => sum + one!.Square().Sum() * 0.1);
                all.Backward();
                twin.Optimizer.Step();
                return all;
            },
        },
        Rows("checkpoints", _ => new Sequential(Dense(6, 8), new LayerNorm(8), Dense(8, 3)),
            p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                var net = (Sequential)twin.Net;
                Tensor h = Autograd.Checkpoint(y => net[1].Call(net[0].Call(y).Tanh()), x);
                Tensor loss = F.CrossEntropy(net[2].Call(h), t);
                loss.Backward();
                twin.Optimizer.Step();
                return loss;
            },
        },
        Rows("two losses", _ => Mlp(), p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                Tensor y = twin.Forward(x);
                F.CrossEntropy(y, t).Backward(retainGraph: true);
                Tensor other = y.Square().Mean();
                other.Backward();
                twin.Optimizer.Step();
                return other;
            },
        },
        Windows("conv, batch norm, max pool", _ => new Sequential(
            new Conv2d(2, 4, 3, padding: 1), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new Conv2d(4, 4, 3), new Flatten(),
            Dense(16, 3)), p => new SGD(p, 0.05, momentum: 0.9)),
        Windows("conv transposed, average", _ => new Sequential(
            new Conv2d(2, 4, 3, stride: 2), new ConvTranspose2d(4, 4, 3), new InstanceNorm2d(4, affine: true), new AvgPool2d(2),
            new Flatten(), Dense(16, 3)), p => new Adam(p, 0.01)),
        Windows("depthwise, adaptive", g => new Sequential(
            new Conv2d(2, 4, 3, groups: 2), new Dropout2d(0.2, generator: g), new AdaptiveAvgPool2d(2), new PReLU(), new Flatten(), Dense(16, 3)),
            p => new Adam(p, 0.01)),
        Windows("unfolded", _ => new Sequential(new Unfold(3), new Flatten(), Dense(18 * 36, 3)), p => new Adam(p, 0.01)),
        Words("embedding", _ => new Sequential(new Embedding(11, 5), new Flatten(), Dense(25, 3)), p => new Adam(p, 0.05)),
        Words("embedding with padding", _ => new Sequential(new Embedding(11, 5, paddingIdx: 0), new Flatten(), Dense(25, 3)),
            p => new SGD(p, 0.05)),
        Words("sparse adam", _ => new Sequential(new Embedding(11, 5), new Flatten(), Dense(25, 3)), p => new SparseAdam(p, 0.05)),
        Sequence("lstm", g => new LSTM(4, 5, numLayers: 2, dropout: 0.2, generator: null), (m, x) => ((LSTM)m).Call(x, null, null).Output),
        Sequence("gru, both ways", g => new GRU(4, 5, bidirectional: true), (m, x) => ((GRU)m).Call(x, null, null).Output),
        Sequence("rnn", g => new RNN(4, 5), (m, x) => ((RNN)m).Call(x, null, null).Output),
        Sequence("attention", g => new MultiheadAttention(4, 2, dropout: 0.1), (m, x) => ((MultiheadAttention)m).Call(x, x, x).Output),
        Sequence("transformer", g => new TransformerEncoderLayer(4, 2, 8), (m, x) => ((TransformerEncoderLayer)m).Call(x)),
    ];

    /// <summary>Those that a graph cannot hold.</summary>
    internal static IReadOnlyList<TwinModel> Refused { get; } =
    [
        new TwinModel("average of weights", _ =>
        {
            Sequential net = Mlp();
            return (new ModuleList(net, new AveragedModel(net, AveragedModel.Ema(0.9))), net.Call);
        }, rows => Tensor.Randn(rows, 6), p => new Adam(p, 0.01))
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                Tensor loss = Backward(twin, x, t, 1);
                twin.Optimizer.Step();
                var all = (ModuleList)twin.Net;
                ((AveragedModel)all[1]).UpdateParameters(all[0]);
                return loss;
            },
        },
        Rows("lbfgs", _ => Mlp(), p => new LBFGS(p, lr: 0.1, maxIter: 3)) with
        {
            Step = twin => (x, t) => ((LBFGS)twin.Optimizer).Step(() =>
            {
                twin.Optimizer.ZeroGrad();
                Tensor loss = twin.Loss(x, t);
                loss.Backward();
                return loss;
            }),
        },
        Rows("checkpoint that draws", g => new Sequential(Dense(6, 8), new Dropout(0.2, generator: g), Dense(8, 3)),
            p => new Adam(p, 0.01)) with
        {
            Step = twin => (x, t) =>
            {
                twin.Optimizer.ZeroGrad();
                var net = (Sequential)twin.Net;
                Tensor h = Autograd.Checkpoint(y => net[1].Call(net[0].Call(y).Tanh()), x);
                Tensor loss = F.CrossEntropy(net[2].Call(h), t);
                loss.Backward();
                twin.Optimizer.Step();
                return loss;
            },
        },
    ];

    private static Adjoint.Nn.Linear Dense(int from, int to, bool bias = true) => new(from, to, bias);

    private static Sequential Mlp() => new(Dense(6, 8), new Sigmoid(), Dense(8, 3));

    private static Tensor Backward(Twin twin, Tensor x, Tensor t, double factor)
    {
        Tensor loss = twin.Loss(x, t) * factor;
        loss.Backward();
        return loss;
    }

    private static Func<Tensor, Tensor, Tensor> Between(Twin twin, Action change) => (x, t) =>
    {
        twin.Optimizer.ZeroGrad();
        Tensor loss = Backward(twin, x, t, 1);
        change();
        twin.Optimizer.Step();
        return loss;
    };

    private static TwinModel Rows(string name, Func<Generator, Module> make, Func<IEnumerable<Tensor>, Optimizer> optimizer) =>
        new(name, Single(make), rows => Tensor.Randn(rows, 6), optimizer);

    private static TwinModel Windows(string name, Func<Generator, Module> make, Func<IEnumerable<Tensor>, Optimizer> optimizer) =>
        new(name, Single(make), rows => Tensor.Randn(rows, 2, 8, 8), optimizer);

    private static TwinModel Words(string name, Func<Generator, Module> make, Func<IEnumerable<Tensor>, Optimizer> optimizer) =>
        new(name, Single(make), rows => Tensor.RandInt(0, 11, [rows, 5]), optimizer);

    private static TwinModel Sequence(string name, Func<Generator, Module> make, Func<Module, Tensor, Tensor> output) =>
        new(name, g =>
        {
            Module layer = make(g);
            var all = new ModuleList(layer, new LazyLinear(3));
            return (all, x => all[1].Call(output(layer, x)[-1]));
        }, rows => Tensor.Randn(7, rows, 4), p => new Adam(p, 0.01));

    private static Func<Generator, (Module, Func<Tensor, Tensor>)> Single(Func<Generator, Module> make) => g =>
    {
        Module net = make(g);
        return (net, net.Call);
    };
}
