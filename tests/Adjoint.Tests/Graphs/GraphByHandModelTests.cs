using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Parity;
using RandomProgram = Adjoint.Tests.Parity.Program;

namespace Adjoint.Tests.Graphs;

/// <summary>Whole training steps, written by hand: every number that a step leaves has the bits of autograd, step after step.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandModelTests
{
    private const int Steps = 3;

    [Fact]
    public void Models_train_with_the_same_bits()
    {
        Dictionary<string, Func<(Action Step, Tensor[] Seen)>> models = new()
        {
            ["neuron"] = Neuron,
            ["neuron, batch"] = Batch,
            ["mlp 4-5-10, adam"] = () => Classifier(net => new Adam(net.Parameters()), new Adjoint.Nn.Linear(4, 5), new Tanh(), new Adjoint.Nn.Linear(5, 10)),
            ["mlp, adamw"] = () => Classifier(net => new AdamW(net.Parameters(), 0.01), new Adjoint.Nn.Linear(4, 33), new GELU(), new Adjoint.Nn.Linear(33, 10)),
            ["mlp, amsgrad"] = () => Classifier(net => new Adam(net.Parameters(), 0.01, amsgrad: true, weightDecay: 0.1), new Adjoint.Nn.Linear(4, 10)),
            ["mlp, momentum"] = () => Classifier(net => new SGD(net.Parameters(), 0.1, momentum: 0.9, weightDecay: 0.01), new Adjoint.Nn.Linear(4, 40), new ReLU(), new Adjoint.Nn.Linear(40, 10)),
            ["mlp, nesterov"] = () => Classifier(net => new SGD(net.Parameters(), 0.1, momentum: 0.9, nesterov: true, maximize: true), new Adjoint.Nn.Linear(4, 10)),
            ["batch norm"] = () => Classifier(net => new SGD(net.Parameters(), 0.1), new Adjoint.Nn.Linear(4, 7), new BatchNorm1d(7), new ReLU(), new Adjoint.Nn.Linear(7, 10)),
            ["layer norm"] = () => Classifier(net => new SGD(net.Parameters(), 0.1), new Adjoint.Nn.Linear(4, 37), new LayerNorm([37]), new Sigmoid(), new Adjoint.Nn.Linear(37, 10)),
            ["mlp, rmsprop"] = () => Classifier(net => new RMSprop(net.Parameters(), momentum: 0.5, centered: true), new Adjoint.Nn.Linear(4, 10)),
            ["mlp, adagrad"] = () => Classifier(net => new Adagrad(net.Parameters(), lrDecay: 0.1), new Adjoint.Nn.Linear(4, 10)),
            ["mlp, adadelta"] = () => Classifier(net => new Adadelta(net.Parameters()), new Adjoint.Nn.Linear(4, 10)),
            ["attention"] = Attention,
            ["rnn"] = Recurrent,
            ["embedding"] = Embedded,
            ["gru"] = Gated,
            ["tied weights"] = Tied,
            ["masked mean of nothing"] = MaskedMean,
            ["accidental detach"] = Detached,
            ["dropout"] = () => Classifier(net => new Adam(net.Parameters()), new Adjoint.Nn.Linear(4, 40), new Dropout(0.3), new ReLU(), new Adjoint.Nn.Linear(40, 10)),
            ["noise inside"] = Noisy,
        };
        var steps = new WrittenSteps();
        foreach ((string name, Func<(Action Step, Tensor[] Seen)> model) in models)
        {
            Rng.ManualSeed(3);
            steps.Add(name, model().Step);
        }
        steps.Compare(Steps);
    }

    [Fact]
    public void The_neuron_of_the_quest_prints_the_lines_of_the_lesson_by_hand()
    {
        Tensor w = Tensor.Scalar(-0.5, DType.Float32, requiresGrad: true), b = Tensor.Scalar(0.25, DType.Float32, requiresGrad: true);
        Tensor x = Tensor.Scalar(0, DType.Float32), y = Tensor.Scalar(0, DType.Float32);
        var opt = new SGD([w, b], lr: 0.05);
        Graph graph = Graph.Capture(
            (x, y) =>
            {
                opt.ZeroGrad();
                Tensor loss = (w * x + b - y).Square();
                loss.Backward();
                opt.Step();
                return loss;
            }, x, y);
        var programs = new WrittenPrograms();
        int program = programs.Add(graph);
        List<string> lines = ["Float32: squared error of one example at a time"];
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            foreach ((float input, float target) in ((float, float)[])[(0.7f, 2.4f), (1.3f, 3.6f), (-0.9f, -0.8f)])
            {
                (object w0, object b0) = (Value("w"), Value("b"));
                programs.Run(program, Tensor.Scalar(input, DType.Float32), Tensor.Scalar(target, DType.Float32));
                object loss = programs.Field(program, graph.Outputs[0].Value.Memory).GetValue(null)!;
                lines.Add(FormattableString.Invariant(
                    $"  epoch {epoch}  loss {loss:R}  w {w0:R}  b {b0:R}  grad_w {Value("w.grad"):R}  grad_b {Value("b.grad"):R}"));
            }
        }
        string lesson = File.ReadAllText(Path.Combine(Architecture.SourceTree.Root, "examples", "expected", "02-quest-manual.txt"));
        lesson.ShouldStartWith(string.Join("\n", lines) + "\n");

        object Value(string name) => programs.Field(program, graph.Find(name)!).GetValue(null)!;
    }

    [Fact]
    public void Random_programs_have_the_same_bits()
    {
        RandomProgram[] all =
            [.. Fixtures.Read<RandomProgram>("programs").Take(120), .. Fixtures.Read<RandomProgram>("programs_wide").Take(100), .. Asked()];
        var programs = new WrittenPrograms();
        List<string> wrong = [];
        List<(RandomProgram Program, int Number, Graph Graph, Tensor[] Inputs, Tensor[] Others)> written = [];
        foreach (RandomProgram program in all)
        {
            Tensor[] inputs = program.Inputs(), others = [.. program.Inputs().Select(x => x * 0.75 + 0.01)];
            foreach (Tensor x in inputs.Concat(others)) x.RequiresGradInPlace();
            try
            {
                Graph graph = Graph.Capture(xs => Everything(program, xs), inputs);
                written.Add((program, programs.Add(graph), graph, inputs, others));
            }
            catch (GraphException refused)
            {
                wrong.Add($"{program.Seed}: {refused.Message}");
            }
        }
        foreach ((RandomProgram program, int number, Graph graph, Tensor[] inputs, Tensor[] others) in written)
        {
            foreach (Tensor[] x in number % 4 == 0 ? new[] { inputs, others } : [inputs])
            {
                IReadOnlyList<Tensor> expected = Everything(program, x);
                programs.Run(number, x);
                for (int i = 0; i < expected.Count; i++)
                    if (!GraphByHandTests.AreSame(GraphRunTests.Bits(expected[i]), programs.Bits(number, graph.Outputs[i])))
                        wrong.Add($"{program.Seed}: result {i} for the {(ReferenceEquals(x, inputs) ? "same" : "other")} inputs");
            }
        }
        string.Join("\n", wrong).ShouldBe("");
        written.Count.ShouldBeGreaterThanOrEqualTo(200);

        static IReadOnlyList<Tensor> Everything(RandomProgram program, IReadOnlyList<Tensor> x)
        {
            Tensor loss = program.Loss(x);
            return loss.RequiresGrad ? [loss, .. Autograd.Grad([loss], x, allowUnused: true).OfType<Tensor>()] : [loss];
        }
    }

    // Further fixtures, which ADJOINT_PROGRAMS names.
    private static IEnumerable<RandomProgram> Asked() => (Environment.GetEnvironmentVariable("ADJOINT_PROGRAMS") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(name => Fixtures.Read<RandomProgram>(name));

    private static (Action, Tensor[]) Neuron()
    {
        Tensor w = Tensor.Scalar(-0.5, DType.Float32, requiresGrad: true), b = Tensor.Scalar(0.25, DType.Float32, requiresGrad: true);
        Tensor x = Tensor.Scalar(0.7, DType.Float32), y = Tensor.Scalar(2.4, DType.Float32);
        var opt = new SGD([w, b], lr: 0.05);
        return (() =>
        {
            opt.ZeroGrad();
            (w * x + b - y).Square().Backward();
            opt.Step();
        }, [w, b]);
    }

    private static (Action, Tensor[]) Batch()
    {
        Tensor w = Tensor.Scalar(-0.5, DType.Float64, requiresGrad: true), b = Tensor.Scalar(0.25, DType.Float64, requiresGrad: true);
        Tensor x = Tensor.From([0.7, 1.3, -0.9]), y = Tensor.From([2.4, 3.6, -0.8]);
        var opt = new SGD([w, b], lr: 0.05);
        return (() =>
        {
            opt.ZeroGrad();
            (w * x + b - y).Square().Mean().Backward();
            opt.Step();
        }, [w, b]);
    }

    private static (Action, Tensor[]) Classifier(Func<Sequential, Optimizer> optimizer, params Module[] layers)
    {
        var net = new Sequential(layers);
        Optimizer opt = optimizer(net);
        Tensor x = Tensor.Randn([6, 4]), t = Tensor.RandInt(0, 10, [6]);
        var loss = new CrossEntropyLoss();
        return (() =>
        {
            opt.ZeroGrad();
            loss.Call(net.Call(x), t).Backward();
            opt.Step();
        }, [.. net.Parameters()]);
    }

    private static (Action, Tensor[]) Attention()
    {
        Tensor q = Tensor.Randn([2, 5, 4]).RequiresGradInPlace(), k = Tensor.Randn([2, 5, 4]).RequiresGradInPlace();
        Tensor v = Tensor.Randn([2, 5, 4]).RequiresGradInPlace(), mask = Tensor.Ones([5, 5]).Tril().Eq(0);
        var opt = new SGD([q, k, v], lr: 0.1);
        return (() =>
        {
            opt.ZeroGrad();
            Tensor scores = q.MatMul(k.Transpose(1, 2)) / 2.0;
            scores.MaskedFill(mask, double.NegativeInfinity).Softmax(-1).MatMul(v).Square().Mean().Backward();
            opt.Step();
        }, [q, k, v]);
    }

    private static (Action, Tensor[]) Recurrent()
    {
        Tensor wx = Tensor.Randn([3, 6]).RequiresGradInPlace(), wh = Tensor.Randn([6, 6]).RequiresGradInPlace();
        Tensor b = Tensor.Zeros([6]).RequiresGradInPlace(), x = Tensor.Randn([7, 2, 3]), target = Tensor.Randn([2, 6]);
        var opt = new Adam([wx, wh, b], lr: 0.01);
        return (() =>
        {
            opt.ZeroGrad();
            Tensor h = Tensor.Zeros([2, 6]);
            for (int t = 0; t < 7; t++) h = (x[t].MatMul(wx) + h.MatMul(wh) + b).Tanh();
            F.MseLoss(h, target).Backward();
            opt.Step();
        }, [wx, wh, b]);
    }

    private static (Action, Tensor[]) Embedded()
    {
        var net = new Sequential(new Embedding(9, 5), new Flatten(), new Adjoint.Nn.Linear(15, 4));
        Tensor rows = Tensor.RandInt(0, 9, [4, 3]), t = Tensor.RandInt(0, 4, [4]);
        var opt = new Adam(net.Parameters());
        return (() =>
        {
            opt.ZeroGrad();
            F.CrossEntropy(net.Call(rows), t, reduction: Adjoint.Nn.Reduction.Sum).Backward();
            opt.Step();
        }, [.. net.Parameters()]);
    }

    // A gated unit over time, in the equations of Cho et al. (2014) as PyTorch has them.
    private static (Action, Tensor[]) Gated()
    {
        Tensor wx = Tensor.Randn([3, 15]).RequiresGradInPlace(), wh = Tensor.Randn([5, 15]).RequiresGradInPlace();
        Tensor bx = Tensor.Zeros([15]).RequiresGradInPlace(), bh = Tensor.Zeros([15]).RequiresGradInPlace();
        Tensor x = Tensor.Randn([6, 2, 3]), target = Tensor.Randn([2, 5]);
        var opt = new RMSprop([wx, wh, bx, bh], lr: 0.01);
        return (() =>
        {
            opt.ZeroGrad();
            Tensor h = Tensor.Zeros([2, 5]);
            for (int t = 0; t < 6; t++)
            {
                Tensor a = x[t].MatMul(wx) + bx, b = h.MatMul(wh) + bh;
                Tensor r = (a[.., ..5] + b[.., ..5]).Sigmoid(), z = (a[.., 5..10] + b[.., 5..10]).Sigmoid();
                Tensor n = (a[.., 10..] + r * b[.., 10..]).Tanh();
                h = (1 - z) * n + z * h;
            }
            F.SmoothL1Loss(h, target).Backward();
            opt.Step();
        }, [wx, wh, bx, bh]);
    }

    // The rows that words are looked up in are also what the result is compared with.
    private static (Action, Tensor[]) Tied()
    {
        Tensor words = Tensor.Randn([9, 5]).RequiresGradInPlace(), w = Tensor.Randn([5, 5]).RequiresGradInPlace();
        Tensor rows = Tensor.RandInt(0, 9, [12]), next = Tensor.RandInt(0, 9, [12]);
        var opt = new SGD([words, w], lr: 0.1, momentum: 0.9);
        return (() =>
        {
            opt.ZeroGrad();
            F.CrossEntropy(words[rows].MatMul(w).Tanh().MatMul(words.T), next).Backward();
            opt.Step();
        }, [words, w]);
    }

    // One row has nothing in its mask: 0/0, and the NaN goes the same way.
    private static (Action, Tensor[]) MaskedMean()
    {
        Tensor w = Tensor.Randn([4, 3]).RequiresGradInPlace(), x = Tensor.Randn([5, 4]);
        Tensor mask = Tensor.From([1f, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0]).Reshape(5, 3);
        var opt = new SGD([w], lr: 0.1);
        return (() =>
        {
            opt.ZeroGrad();
            ((x.MatMul(w) * mask).Sum([1]) / mask.Sum([1])).Sum().Backward();
            opt.Step();
        }, [w]);
    }

    private static (Action, Tensor[]) Detached()
    {
        Tensor w = Tensor.Randn([4, 3]).RequiresGradInPlace(), v = Tensor.Randn([3, 1]).RequiresGradInPlace(), x = Tensor.Randn([5, 4]);
        var opt = new Adam([w, v], weightDecay: 0.1);
        return (() =>
        {
            opt.ZeroGrad();
            x.MatMul(w).Tanh().Detach().MatMul(v).Square().Mean().Backward();
            opt.Step();
        }, [w, v]);
    }

    private static (Action, Tensor[]) Noisy()
    {
        Tensor w = Tensor.Randn([4, 3]).RequiresGradInPlace(), x = Tensor.Randn([5, 4]);
        var own = new Generator(9);
        var opt = new SGD([w], lr: 0.1);
        return (() =>
        {
            opt.ZeroGrad();
            Tensor noise = Tensor.Randn(x.Shape, generator: own), order = Tensor.RandPerm(5);
            (x[order] + noise * Tensor.Rand([5, 1])).MatMul(w).Square().Mean().Backward();
            opt.Step();
        }, [w]);
    }
}
