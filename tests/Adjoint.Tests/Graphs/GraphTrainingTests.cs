using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Parity;
using RandomProgram = Adjoint.Tests.Parity.Program;

namespace Adjoint.Tests.Graphs;

/// <summary>Training steps and whole programs: captured without a trace, and run again with the bits of the function.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphTrainingTests
{
    public static TheoryData<string> Optimizers =>
    [
        "sgd", "momentum", "nesterov", "adam", "adamw", "amsgrad", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam", "rule",
            "own", "together",
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_step_runs_again_with_the_same_bits(string kind)
    {
        var eager = new Training(kind);
        for (int i = 0; i < 4; i++) eager.Step();

        var captured = new Training(kind);
        captured.Step();
        string before = captured.State();
        Graph graph = Graph.Capture(captured.Step);
        captured.State().ShouldBe(before);
        for (int i = 0; i < 3; i++) GraphRun.Live(graph);
        captured.State().ShouldBe(eager.State());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_first_step_may_be_captured(string kind)
    {
        var eager = new Training(kind);
        for (int i = 0; i < 3; i++) eager.Step();
        var captured = new Training(kind);
        string before = captured.State();
        Graph graph = Graph.Capture(captured.Step);
        captured.State().ShouldBe(before);
        for (int i = 0; i < 3; i++) GraphRun.Live(graph);
        captured.State().ShouldBe(eager.State());
    }

    [Fact]
    public void The_options_of_an_optimizer_are_read_when_the_step_runs()
    {
        var eager = new Training("adam");
        var captured = new Training("adam");
        Graph graph = Graph.Capture(captured.Step);
        for (int i = 0; i < 3; i++)
        {
            eager.Optimizer.ParamGroups[0].Lr = captured.Optimizer.ParamGroups[0].Lr = 0.01 / (i + 1);
            eager.Step();
            GraphRun.Live(graph);
        }
        captured.State().ShouldBe(eager.State());
    }

    // What a user's step does to one parameter may depend on the others: it is one operation.
    [Fact]
    public void The_step_of_a_users_optimizer_is_one_operation_for_a_group()
    {
        Tensor a = Tensor.From([3f], requiresGrad: true), b = Tensor.From([4f], requiresGrad: true);
        Tensor unused = Tensor.From([5f], requiresGrad: true);
        var optimizer = new Normed([a, b, unused]);
        Graph graph = Graph.Capture(() =>
        {
            optimizer.ZeroGrad();
            (a * a + b * b).Sum().Backward();
            optimizer.Step();
        });
        GraphOperation step = graph.Operations.Single(op => op.Phase == GraphPhase.Update);
        step.ToString().ShouldBe("a'1, b'1, p1 = normed_step_(a, a.grad, b, b.grad, p1, none, lr=0.01)");
        graph.Memories.Where(m => m.Role == GraphRole.State).Select(m => m.Name).ShouldBe(["a.mean", "b.mean"]);
        GraphRun.Live(graph);
        (a.Item<float>(), b.Item<float>(), unused.Item<float>()).ShouldBe((3f - 0.6f * 0.01f, 4f - 0.8f * 0.01f, 5f));
    }

    [Fact]
    public void A_module_of_any_signature_names_its_operations()
    {
        var net = new Pair();
        Tensor x = Tensor.Rand(2, 3);
        Graph graph = Graph.Capture(x => net.Call((x, 2.0)).Sum, x);
        graph.Operations.Single(op => op.Name == "tanh").ModulePath.ShouldBe("net");
        graph.Operations.First(op => op.Name == "addmm").ModulePath.ShouldBe("net.inner");
        GraphRunTests.Compare(GraphRun.Live(graph, x), [net.Call((x, 2.0)).Sum]);
    }

    private sealed class Pair : Module<(Tensor X, double Factor), (Tensor Sum, Tensor Product)>
    {
        private readonly Adjoint.Nn.Linear _inner = new(3, 3);

        protected override (Tensor Sum, Tensor Product) Forward((Tensor X, double Factor) input)
        {
            Tensor y = _inner.Call(input.X).Tanh();
            return (y + input.Factor, y * input.Factor);
        }
    }

    private sealed record LionOptions(double Lr = 1e-2, double Beta1 = 0.9, double Beta2 = 0.99);

    private readonly struct LionRule : IUpdateRule<LionOptions>
    {
        public static string Name => "lion_step";

        public static IReadOnlyList<string> Remembered => ["exp_avg"];

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, LionOptions o) where V : IAlgebra<V>
        {
            p -= o.Lr * (o.Beta1 * state.First + (1 - o.Beta1) * g).Sign();
            state.First = o.Beta2 * state.First + (1 - o.Beta2) * g;
        }
    }

    private sealed class Lion(IEnumerable<Tensor> parameters, LionOptions options)
        : RuleOptimizer<LionRule, LionOptions>(parameters, options);

    /// <summary>Signs of gradients, in plain tensor code.</summary>
    private sealed record SignOptions(double Lr = 0.01);

    private class SignDescent(IEnumerable<Tensor> parameters) : Optimizer<SignOptions>(parameters, new SignOptions())
    {
        protected override void Step(ParamGroup group, SignOptions options)
        {
            foreach (Tensor p in group.Parameters)
            {
                if (p.Grad is not { } g) continue;
                NextStep(StateOf(p));
                Tensor mean = Remembered(StateOf(p), "mean", p).MulInPlace(0.5).AddInPlace(g, 0.5);
                p.SubInPlace(mean.Sign(), group.Lr);
            }
        }
    }

    /// <summary>Steps of one length for all parameters together.</summary>
    private sealed class Normed(IEnumerable<Tensor> parameters) : SignDescent(parameters)
    {
        protected override void Step(ParamGroup group, SignOptions options)
        {
            double norm = Math.Sqrt(group.Parameters.Sum(p => p.Grad is { } g ? (double)g.Square().Sum() : 0));
            foreach (Tensor p in group.Parameters)
            {
                if (p.Grad is not { } g) continue;
                p.SubInPlace(Remembered(StateOf(p), "mean", p).CopyInPlace(g / norm), group.Lr);
            }
        }
    }

    [Fact]
    public void Names_are_those_of_the_model_and_of_the_variables()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2));
        var optimizer = new Adam(net.Parameters());
        Tensor x = Tensor.Rand(5, 3), target = Tensor.Rand(5, 2);
        Graph graph = Graph.Capture(() =>
        {
            optimizer.ZeroGrad();
            F.MseLoss(net.Call(x), target).Backward();
            optimizer.Step();
        });
        graph.Parameters.Select(p => p.Name).ShouldBe(["0.weight", "0.bias", "2.weight", "2.bias"], ignoreOrder: true);
        graph.Memories.Where(m => m.Role == GraphRole.Constant).Select(m => m.Name).ShouldBe(["x", "target"], ignoreOrder: true);
        graph.Gradients.Select(g => g.Value!.Name).ShouldContain("0.weight.grad");
        graph.Memories.Where(m => m.Role == GraphRole.State).Select(m => m.Name).ShouldContain("2.bias.exp_avg_sq");
        graph.Operations.First(op => op.Name == "tanh").ModulePath.ShouldBe("net.1");
        graph.Operations.Count(op => op.Name == "adam_step_" && op.Phase == GraphPhase.Update).ShouldBe(4);
        GraphOperation back = graph.Operations.Single(op => op.Name == "tanh_backward");
        (back.Phase, back.GradientOf!.Name).ShouldBe((GraphPhase.Backward, "tanh"));
    }

    [Fact]
    public void Running_averages_are_state_that_a_run_moves()
    {
        (BatchNorm1d eager, BatchNorm1d captured) = (new(3), new(3));
        Tensor x = Tensor.Rand(6, 3);
        Graph graph = Graph.Capture(captured.Call, x);
        captured.RunningMean!.ToArray<float>().ShouldBe([0f, 0f, 0f]);
        graph.Memories.Count(m => m is { Role: GraphRole.Buffer, IsChanged: true }).ShouldBe(3);
        for (int i = 0; i < 2; i++) GraphRunTests.Compare(GraphRun.Live(graph, x), [eager.Call(x)]);
        captured.RunningVar!.ToArray<float>().ShouldBe(eager.RunningVar!.ToArray<float>());
        captured.NumBatchesTracked!.Item<long>().ShouldBe(2);
    }

    [Fact]
    public void Draws_go_on_in_every_run()
    {
        var generator = new Generator(3);
        Tensor x = Tensor.Ones(4, 5);
        Func<Tensor, Tensor> f = x =>
            x.Dropout(0.5, generator: generator) + x.RandLike(generator: generator) + Tensor.Randn(x.Shape, generator: generator)
            + Tensor.RandPerm(5, DType.Float32, generator) + Tensor.Full([4, 5], 0.3)
            .Bernoulli(generator) + Tensor.Zeros(5, 4).T.NormalInPlace(1, 2, generator);
        Tensor[] expected = [f(x), f(x)];
        generator.ManualSeed(3);
        Graph graph = Graph.Capture(f, x);
        Tensor[] actual = [GraphRun.Live(graph, x)[0], GraphRun.Live(graph, x)[0]];
        GraphRunTests.Compare(actual, expected);
        GraphRunTests.Bits(actual[0]).ShouldNotBe(GraphRunTests.Bits(actual[1]));
        graph.Operations.First(op => op.Name == "normal_").Attributes["std"].ShouldBe(2.0);
        graph.Operations.First(op => op.Name == "normal_").Attributes["generator"].ShouldBeSameAs(generator);
    }

    [Fact]
    public void Classes_and_rows_are_operands()
    {
        var net = new Embedding(6, 4);
        var loss = new CrossEntropyLoss(weight: Tensor.From([1f, 2f, 3f, 4f]), ignoreIndex: 3, labelSmoothing: 0.1);
        Func<Tensor, Tensor, Tensor> f = (rows, classes) =>
        {
            net.ZeroGrad();
            Tensor l = loss.Call(net.Call(rows), classes);
            l.Backward();
            return net.Weight.Grad! + l;
        };
        Graph graph = Graph.Capture(f, Tensor.From([1L, 2, 3]), Tensor.From([0L, 1, 2]));
        Tensor rows = Tensor.From([5L, 0, 5]), classes = Tensor.From([3L, 2, 2]);
        Tensor expected = f(rows, classes);
        GraphRunTests.Compare(GraphRun.Live(graph, rows, classes), [expected]);
        Should.Throw<TensorIndexException>(() => GraphRun.Live(graph, Tensor.From([5L, 6, 5]), classes));
        Should.Throw<TensorIndexException>(() => GraphRun.Live(graph, rows, Tensor.From([4L, 2, 2])));
    }

    [Fact]
    public void Random_programs_run_again_with_the_same_bits()
    {
        RandomProgram[] programs = [.. Fixtures.Read<RandomProgram>("programs"), .. Fixtures.Read<RandomProgram>("programs_wide")];
        int captured = 0;
        List<string> wrong = [];
        foreach (RandomProgram program in programs)
        {
            Tensor[] inputs = program.Inputs(), others = [.. program.Inputs().Select(x => x * 0.75 + 0.01)];
            foreach (Tensor x in inputs.Concat(others)) x.RequiresGradInPlace();
            Graph graph;
            try
            {
                graph = Graph.Capture(xs => All(program, xs), inputs);
            }
            catch (GraphException refused)
            {
                wrong.Add($"{program.Seed}: {refused.Message}");
                continue;
            }
            captured++;
            foreach (Tensor[] x in new[] { inputs, others })
            {
                IReadOnlyList<Tensor> expected = All(program, x);
                Tensor[] actual = GraphRun.Live(graph, x);
                if (!actual.Zip(expected).All(pair => GraphRunTests.Bits(pair.First).SequenceEqual(GraphRunTests.Bits(pair.Second))))
                    wrong.Add($"{program.Seed}: other bits for the {(ReferenceEquals(x, inputs) ? "same" : "other")} inputs");
            }
        }
        string.Join("\n", wrong).ShouldBe("");
        captured.ShouldBeGreaterThanOrEqualTo(200);

        static IReadOnlyList<Tensor> All(RandomProgram program, IReadOnlyList<Tensor> x)
        {
            Tensor loss = program.Loss(x);
            return loss.RequiresGrad ? [loss, .. Autograd.Grad([loss], x, allowUnused: true).OfType<Tensor>()] : [loss];
        }
    }

    /// <summary>A small network with its optimizer and data.</summary>
    internal sealed class Training
    {
        private readonly Sequential _net;
        private readonly Generator _generator = new(11);
        private readonly Tensor _x, _t;

        internal Training(string kind)
        {
            Rng.ManualSeed(3);
            _net = new Sequential(
                new Adjoint.Nn.Linear(6, 8), new ReLU(), new LayerNorm([8]), new Adjoint.Nn.Linear(8, 8), new BatchNorm1d(8), new Tanh(),
                new Adjoint.Nn.Linear(8, 3));
            IEnumerable<Tensor> p = _net.Parameters();
            Optimizer = kind switch
            {
                "sgd" => new SGD(p, 0.1),
                "momentum" => new SGD(p, 0.1, momentum: 0.9, weightDecay: 0.01),
                "nesterov" => new SGD(p, 0.1, momentum: 0.9, nesterov: true),
                "adam" => new Adam(p),
                "adamw" => new AdamW(p),
                "amsgrad" => new Adam(p, amsgrad: true),
                "rmsprop" => new RMSprop(p, momentum: 0.5, centered: true),
                "adadelta" => new Adadelta(p),
                "adamax" => new Adamax(p),
                "nadam" => new NAdam(p),
                "radam" => new RAdam(p),
                "rule" => new Lion(p, new()),
                "own" => new SignDescent(p),
                "together" => new Normed(p),
                _ => new Adagrad(p, lrDecay: 0.1),
            };
            _x = Tensor.Randn(5, 6);
            _t = Tensor.RandInt(0, 3, [5]);
        }

        internal Optimizer Optimizer { get; }

        internal void Step()
        {
            Optimizer.ZeroGrad();
            F.CrossEntropy(_net.Call(_x).Dropout(0.2, generator: _generator), _t).Backward();
            Optimizer.Step();
        }

        internal IEnumerable<Tensor> Parameters => _net.Parameters();

        /// <summary>Everything that a step changes, to the bit.</summary>
        internal string State()
        {
            IEnumerable<string> state = _net.StateDict().Select(s => $"{s.Key} {Text(s.Value)}");
            IEnumerable<string> gradients = _net.Parameters().Select(p => p.Grad is { } g ? Text(g) : "none");
            IEnumerable<string> remembered =
                Optimizer.StateDict().State.SelectMany(
                    s => s.Value.Select(v => $"{s.Key} {v.Key} {(v.Value is Tensor t ? Text(t) : v.Value)}"));
            return string.Join("\n", [.. state, .. gradients, .. remembered, Convert.ToHexString(_generator.GetState())]);
        }

        private static string Text(Tensor x) => string.Join(" ", GraphRunTests.Bits(x));
    }
}
