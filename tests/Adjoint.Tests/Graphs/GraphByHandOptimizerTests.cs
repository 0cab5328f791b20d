using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>The steps of optimizers, written from the one formula that also runs: the library's, and rules of one's own.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandOptimizerTests
{
    private sealed record WarmOptions(double Lr = 0.01, double Beta = 0.9, double Decay = 0.05, double Warmup = 4);

    // With numbers of a step, one that is kept, a choice by the count, and a part that is remembered.
    private readonly struct WarmRule : IUpdateRule<WarmOptions>
    {
        public static string Name => "warm_step";

        public static IReadOnlyList<string> Remembered => ["mean"];

        public static string? KeptNumber => "product";

        public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, WarmOptions o)
        {
            kept *= o.Beta;
            StepNumber warm = StepNumber.Min(1, step / o.Warmup), late = StepNumber.IfLess(2, step, StepNumber.Exp(-step), 0.5);
            return new(o.Lr * warm / (1 - kept), late, 1 / step);
        }

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, WarmOptions o) where V : IAlgebra<V>
        {
            state.First = o.Beta * state.First + (1 - o.Beta) * g;
            p -= state.FirstNumber * (state.First.Tanh() + state.SecondNumber * g.Sign() + state.ThirdNumber * g) + o.Lr * (o.Decay * p);
        }
    }

    private sealed class Warm(IEnumerable<Tensor> parameters) : RuleOptimizer<WarmRule, WarmOptions>(parameters, new WarmOptions());

    private sealed record SignOptions(double Lr = 0.01);

    private readonly struct SignRule : IUpdateRule<SignOptions>
    {
        public static string Name => "sign_step";

        public static bool CountsSteps => false;

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, SignOptions o) where V : IAlgebra<V> => p -= o.Lr * g.Sign();
    }

    private sealed class SignDescent(IEnumerable<Tensor> parameters) : RuleOptimizer<SignRule, SignOptions>(parameters, new SignOptions());

    private sealed class Plain(IEnumerable<Tensor> parameters) : Optimizer<SignOptions>(parameters, new SignOptions())
    {
        protected override void Step(ParamGroup group, SignOptions options)
        {
            foreach (Tensor p in group.Parameters)
                if (p.Grad is { } g) p.SubInPlace(g.Sign(), options.Lr);
        }
    }

    private static readonly Dictionary<string, Func<Tensor[], Optimizer>> s_optimizers = new()
    {
        ["sgd"] = p => new SGD(p, 0.1),
        ["sgd, all options"] = p => new SGD(p, 0.1, 0.9, 0.2, 0.05, maximize: true),
        ["sgd, nesterov"] = p => new SGD(p, 0.1, 0.9, weightDecay: 0.1, nesterov: true),
        ["adam"] = p => new Adam(p, 0.01),
        ["adam, all options"] = p => new Adam(p, 0.01, (0.8, 0.95), 1e-7, 0.1, true, true),
        ["adamw"] = p => new AdamW(p, 0.01),
        ["adamw, amsgrad"] = p => new AdamW(p, 0.01, weightDecay: 0.2, amsgrad: true, maximize: true),
        ["nadam"] = p => new NAdam(p),
        ["nadam, decay"] = p => new NAdam(p, 0.02, weightDecay: 0.1, momentumDecay: 0.1),
        ["radam"] = p => new RAdam(p, 0.01),
        ["radam, soon"] = p => new RAdam(p, 0.01, (0.5, 0.5), weightDecay: 0.1),
        ["adamax"] = p => new Adamax(p),
        ["adamax, decay"] = p => new Adamax(p, 0.02, weightDecay: 0.1),
        ["rmsprop"] = p => new RMSprop(p),
        ["rmsprop, momentum"] = p => new RMSprop(p, momentum: 0.5, weightDecay: 0.1, maximize: true),
        ["rmsprop, centered"] = p => new RMSprop(p, centered: true, momentum: 0.9),
        ["adagrad"] = p => new Adagrad(p),
        ["adagrad, all options"] = p => new Adagrad(p, 0.1, 0.5, 0.1, 0.3, 1e-8, true),
        ["adadelta"] = p => new Adadelta(p),
        ["rprop"] = p => new Rprop(p, 0.1, maximize: true),
        ["asgd"] = p => new ASGD(p, 0.1, 0.1, 0.5, 3, 0.1),
        ["lion"] = p => new Lion(p, 0.01, weightDecay: 0.1, maximize: true),
        ["adafactor"] = p => new Adafactor(p),
        ["adafactor, all options"] = p => new Adafactor(p, 0.05, -0.5, (1e-6, 1e-2), 2, 0.1, true),
        ["muon"] = p => new Muon(p.Where(x => x.NDim == 2), 0.02),
        ["muon, of AdamW's size"] = p => new Muon(p.Where(x => x.NDim == 2), 0.01, 0, 0.5, false, nsSteps: 2, adjustLr: MuonRate.MatchRmsAdamw),
        ["sparse adam"] = p => new SparseAdam(p, 0.01),
        ["sparse adam, upwards"] = p => new SparseAdam(p, 0.01, (0.8, 0.95), 1e-6, true),
        ["adadelta, decay"] = p => new Adadelta(p, 0.5, 0.8, 1e-5, 0.1),
        ["a rule of one's own"] = p => new Warm(p),
        ["a rule without memory"] = p => new SignDescent(p),
    };

    /// <summary>From the first step on, and from a later one; the rate changes meanwhile, which the field of the program follows.</summary>
    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Every_optimizer_steps_with_the_same_bits(DType dtype)
    {
        var steps = new WrittenSteps();
        Dictionary<string, Optimizer> made = [];
        Rng.ManualSeed(2);
        foreach ((string name, Func<Tensor[], Optimizer> make) in s_optimizers)
        {
            foreach (int before in (int[])[0, 3])
            {
                Tensor w = Tensor.Randn([3, 5], dtype).RequiresGradInPlace(), b = Tensor.Randn([], dtype).RequiresGradInPlace();
                Tensor x = Tensor.Randn([4, 3], dtype);
                Optimizer opt = make([w, b]);
                Action step = () =>
                {
                    opt.ZeroGrad();
                    // Muon takes matrices only.
                    if (opt is Muon) b.Grad = null;
                    ((x.MatMul(w) + b).Tanh() * w.Sum()).Square().Mean().Backward();
                    opt.Step();
                };
                for (int i = 0; i < before; i++) step();
                made[$"{name} after {before}"] = opt;
                steps.Add($"{name} after {before}", step);
            }
        }
        steps.Compare(12, (name, program) =>
        {
            foreach (ParamGroup group in made[name].ParamGroups) group.Lr *= 0.9;
            var field = program.GetField("lr").ShouldNotBeNull(name);
            double lr = made[name].ParamGroups[0].Lr;
            field.SetValue(null, Convert.ChangeType(lr, field.FieldType));
        });
    }

    /// <summary>There is no optimizer that the test above does not know.</summary>
    [Fact]
    public void No_optimizer_of_the_library_is_left_out()
    {
        Tensor p = Tensor.Ones([1, 1]).RequiresGradInPlace();
        HashSet<Type> tested = [.. s_optimizers.Values.Select(make => make([p]).GetType())];
        typeof(Optimizer).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Optimizer)) && !t.IsAbstract && !t.ContainsGenericParameters)
            // Whose steps depend on values, and so are no graph; the next test.
            .ShouldAllBe(t => tested.Contains(t) || t == typeof(LBFGS));
    }

    /// <summary>Matrices that are wide, tall and of one row, rows without a gradient, and a tensor of three dimensions.</summary>
    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Steps_of_matrices_and_of_rows_have_the_same_bits(DType dtype)
    {
        var steps = new WrittenSteps();
        Rng.ManualSeed(3);
        Tensor rows = Tensor.From([1L, 4, 4]);
        foreach (Shape shape in (Shape[])[[7, 3], [3, 7], [1, 5], [9, 40], [6, 2, 3]])
        {
            foreach ((string name, Func<Tensor, Optimizer> make) in ((string, Func<Tensor, Optimizer>)[])
                [("muon", p => new Muon([p])), ("adafactor", p => new Adafactor([p])), ("sparse", p => new SparseAdam([p]))])
            {
                if (name == "muon" && shape.NDim != 2) continue;
                Tensor w = Tensor.Randn(shape, dtype).RequiresGradInPlace();
                Optimizer opt = make(w);
                steps.Add($"{name} {shape}", () =>
                {
                    opt.ZeroGrad();
                    if (shape[0] > 4 && name == "sparse") w.IndexSelect(0, rows).Square().Sum().Backward();
                    else w.Tanh().Square().Sum().Backward();
                    opt.Step();
                });
            }
        }
        steps.Compare(4);
    }

    [Fact]
    public void Steps_of_Adam_are_written_with_the_names_of_its_numbers()
    {
        Tensor w = Tensor.Ones(3).RequiresGradInPlace();
        var opt = new Adam([w], weightDecay: 0.1);
        string text = Graph.Capture(() => { opt.ZeroGrad(); w.Square().Sum().Backward(); opt.Step(); }).ToCSharp();
        text.ShouldContain("float grad = ");
        text.ShouldContain("float mean = 0.9f * w_exp_avg[i] + ");
        text.ShouldContain(" * grad * grad;");
        text.ShouldContain("w[i] = w[i] - stepSize * w_exp_avg[i] / (MathF.Sqrt(w_exp_avg_sq[i]) / root + 1E-08f);");
    }

    [Fact]
    public void A_step_that_depends_on_values_is_refused_with_its_line()
    {
        Tensor w = Tensor.Ones([2]).RequiresGradInPlace();
        var opt = new LBFGS([w]);
        GraphException refused = Should.Throw<GraphException>(() => Graph.Capture(() => opt.Step(() =>
        {
            opt.ZeroGrad();
            Tensor loss = w.Square().Sum();
            loss.Backward();
            return loss;
        }), lines: true));
        refused.Line.ShouldNotBeNull();
        w.ToArray<float>().ShouldBe([1f, 1]);
    }

    [Fact]
    public void A_step_of_plain_tensor_code_is_refused_with_what_to_do()
    {
        Tensor w = Tensor.Ones([2]).RequiresGradInPlace();
        var opt = new Plain([w]);
        Graph graph = Graph.Capture(() => { opt.ZeroGrad(); w.Square().Sum().Backward(); opt.Step(); }, lines: true);
        GraphException refused = Should.Throw<GraphException>(() => graph.ToCSharp());
        refused.Message.ShouldContain("Plain overrides Step");
        refused.Message.ShouldContain("RuleOptimizer");
        refused.Line.ShouldNotBeNull();
    }

    private readonly struct ShrinkRule : IUpdateRule<WarmOptions>
    {
        public static string Name => "shrink_step";

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, WarmOptions o) where V : IAlgebra<V> =>
            p = (1 - o.Lr * o.Decay) * p - o.Lr * g;
    }

    private sealed class Shrink(IEnumerable<Tensor> parameters) : RuleOptimizer<ShrinkRule, WarmOptions>(parameters, new WarmOptions());

    /// <summary>What the rate was multiplied by in C# is one number, which no field could follow.</summary>
    [Fact]
    public void A_rate_that_is_part_of_other_numbers_is_no_field_and_says_so()
    {
        Tensor w = Tensor.Scalar(0.5f, requiresGrad: true);
        var opt = new Shrink([w]);
        string program = Graph.Capture(() => { opt.ZeroGrad(); (w * w).Backward(); opt.Step(); }).ToCSharp();
        program.ShouldNotContain("lr = 0.01");
        program.ShouldContain("// The rate is part of other numbers here, which stay as they were: 0.01.");
        program.ShouldContain("w = 0.9995f * w - 0.01f * w_grad;");
    }

    [Fact]
    public void A_rate_that_stands_by_itself_is_a_field()
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true);
        var opt = new SignDescent([w]);
        string program = Graph.Capture(() => { opt.ZeroGrad(); (w * w).Backward(); opt.Step(); }).ToCSharp();
        program.ShouldContain("public static float lr = 0.01f;   // the learning rate");
        program.ShouldContain("w = w - lr * (");
    }
}
