using Adjoint.Optim;

namespace Adjoint.Tests.Optim.Open;

/// <summary>Optimizers written from outside: by a rule, and by tensor code.</summary>
public class OwnOptimizerTests
{
    private sealed record LionOptions(
        double Lr = 1e-2, double Beta1 = 0.9, double Beta2 = 0.99, double WeightDecay = 0, bool Maximize = false);

    private readonly struct LionRule : IUpdateRule<LionOptions>
    {
        public static string Name => "lion_step";

        public static IReadOnlyList<string> Remembered => ["exp_avg"];

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, LionOptions o) where V : IAlgebra<V>
        {
            if (o.Maximize) g = -g;
            p = p * (1 - o.Lr * o.WeightDecay) - o.Lr * (o.Beta1 * state.First + (1 - o.Beta1) * g).Sign();
            state.First = o.Beta2 * state.First + (1 - o.Beta2) * g;
        }
    }

    private sealed class Lion : RuleOptimizer<LionRule, LionOptions>
    {
        public Lion(IEnumerable<Tensor> parameters, LionOptions options) : base(parameters, options)
        {
        }

        public Lion(IEnumerable<ParamGroup> groups, LionOptions options) : base(groups, options)
        {
        }

        protected override void Check(LionOptions options)
        {
            if (options.Beta1 is < 0 or >= 1) throw new ArgumentOutOfRangeException("beta1", options.Beta1, "beta1 must be in [0, 1).");
        }
    }

    private sealed record AdamLike(double Lr = 1e-3);

    /// <summary>Adam by the numbers of its own page, to compare it with the library's.</summary>
    private readonly struct AdamRule : IUpdateRule<AdamLike>
    {
        public static string Name => "adam_rule";

        public static IReadOnlyList<string> Remembered => ["exp_avg", "exp_avg_sq"];

        public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, AdamLike o) =>
            new(o.Lr / (1 - StepNumber.Pow(0.9, step)), StepNumber.Sqrt(1 - StepNumber.Pow(0.999, step)));

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, AdamLike o) where V : IAlgebra<V>
        {
            state.First = 0.9 * state.First + (1 - 0.9) * g;
            state.Second = 0.999 * state.Second + (1 - 0.999) * g * g;
            p -= state.FirstNumber * state.First / (state.Second.Sqrt() / state.SecondNumber + 1e-8);
        }
    }

    private sealed class RuledAdam(IEnumerable<Tensor> parameters, AdamLike options)
        : RuleOptimizer<AdamRule, AdamLike>(parameters, options);

    /// <summary>Signs of gradients, in plain tensor code.</summary>
    private sealed record SignOptions(double Lr, double Beta = 0.5, bool Nothing = false, int Seen = 0);

    private sealed class SignDescent(IEnumerable<Tensor> parameters, double lr)
        : Optimizer<SignOptions>(parameters, new SignOptions(lr))
    {
        protected override void Check(SignOptions options)
        {
            if (options.Beta is < 0 or >= 1) throw new ArgumentOutOfRangeException("beta", options.Beta, "beta must be in [0, 1).");
        }

        protected override void Step(ParamGroup group, SignOptions options)
        {
            foreach (Tensor p in group.Parameters)
            {
                if (p.Grad is not { } g) continue;
                NextStep(StateOf(p));
                Tensor mean = Remembered(StateOf(p), "mean", p).MulInPlace(options.Beta).AddInPlace(g, 1 - options.Beta);
                p.SubInPlace(mean.Sign(), options.Lr);
            }
        }
    }

    public static TheoryData<DType, int> Kinds =>
        new() { { DType.Float32, 1 }, { DType.Float64, 1 }, { DType.Float32, 1003 }, { DType.Float64, 100_003 } };

    private static Tensor Leaf(DType dtype, int n) => (Tensor.Arange(n).To(dtype) / n - 0.3).Detach().RequiresGradInPlace();

    private static void Run(Optimizer optimizer, Tensor p, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            (p * p * (1 + 0.1 * i) + p.Sin()).Sum().Backward();
            optimizer.Step();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_rule_gives_the_bits_of_the_plain_loop_in_both_dtypes(DType dtype, int n)
    {
        Tensor p = Leaf(dtype, n), q = Leaf(dtype, n), mean = Tensor.Zeros([n], dtype);
        Run(new Lion([p], new LionOptions(WeightDecay: 0.1)), p, 5);
        for (int i = 0; i < 5; i++)
        {
            q.Grad = null;
            (q * q * (1 + 0.1 * i) + q.Sin()).Sum().Backward();
            using GradScope _ = Autograd.NoGrad();
            Tensor stepped = q * (1 - 1e-2 * 0.1) - 1e-2 * (0.9 * mean + (1 - 0.9) * q.Grad!).Sign();
            mean = 0.99 * mean + (1 - 0.99) * q.Grad!;
            q.CopyInPlace(stepped);
        }
        p.ElementsEqual(q).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_rule_of_two_memories_and_a_count_is_the_librarys_own(DType dtype, int n)
    {
        Tensor p = Leaf(dtype, n), q = Leaf(dtype, n);
        Run(new RuledAdam([p], new AdamLike(1e-3)), p, 6);
        Run(new Adam([q], 1e-3), q, 6);
        p.ElementsEqual(q).ShouldBeTrue();
    }

    [Fact]
    public void Options_are_a_record_and_a_dictionary()
    {
        Tensor p = Leaf(DType.Float32, 3), q = Leaf(DType.Float32, 3);
        var optimizer = new Lion([new ParamGroup([p]) { ["beta1"] = 0.5 }, new ParamGroup([q]) { Lr = 0 }], new LionOptions());
        optimizer.Defaults.Keys.ShouldBe(["lr", "beta1", "beta2", "weight_decay", "maximize"]);
        optimizer.ParamGroups[0]["beta1"].ShouldBe(0.5);
        Tensor before = q.Detach().Clone();
        q.Grad = q.OnesLike();
        optimizer.Step();
        q.ElementsEqual(before).ShouldBeTrue();
        new StepLR(optimizer, 1, 0.5).Step();
        optimizer.ParamGroups[0].Lr.ShouldBe(5e-3);
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.ParamGroups[0]["beta1"] = 1.0).ParamName.ShouldBe("beta1");
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.ParamGroups[0]["beta2"] = double.NaN).Message.ShouldContain("finite");
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.ParamGroups[0].Lr = -1);
        Should.Throw<ArgumentException>(() => optimizer.ParamGroups[0]["maximize"] = 1);
        optimizer.ParamGroups[0]["beta1"].ShouldBe(0.5);
        Should.Throw<ArgumentOutOfRangeException>(() => new Lion([p], new LionOptions(Beta1: 2)));
        Should.Throw<ArgumentException>(() => new Lion(p, new LionOptions())).Message.ShouldContain("one tensor");
    }

    [Fact]
    public void They_go_on_from_what_was_saved()
    {
        Tensor p = Leaf(DType.Float64, 5), q = Leaf(DType.Float64, 5);
        var first = new Lion([p], new LionOptions());
        Run(first, p, 3);
        using (Autograd.NoGrad()) q.CopyInPlace(p);
        var second = new Lion([q], new LionOptions(Lr: 1));
        second.LoadStateDict(first.StateDict());
        Run(first, p, 2);
        Run(second, q, 2);
        q.ElementsEqual(p).ShouldBeTrue();

        Tensor r = Leaf(DType.Float32, 4);
        var plain = new SignDescent([r], 0.1);
        Run(plain, r, 2);
        plain.StateDict().State[0]["step"].ShouldBe(2.0);
        ((Tensor)plain.StateDict().State[0]["mean"]!).Shape.ShouldBe([4]);
        Should.Throw<ArgumentOutOfRangeException>(() => plain.ParamGroups[0].Lr = -1);
    }

    [Fact]
    public void A_profile_names_the_step_of_a_rule()
    {
        Tensor p = Leaf(DType.Float32, 3);
        p.Grad = p.Detach();
        var optimizer = new Lion([p], new LionOptions());
        Profile profile;
        using (profile = Autograd.Profile()) optimizer.Step();
        profile.Rows.Select(row => row.Operation).ShouldContain("lion_step_");
    }

    /// <summary>The names under which the library's optimizers are saved today: a checkpoint of them is loaded tomorrow.</summary>
    private readonly struct MuteRule : IUpdateRule<LionOptions>
    {
        public static string Name => "mute_step";

        public static IReadOnlyList<string> Remembered => null!;

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, LionOptions o) where V : IAlgebra<V> => p -= g;
    }

    private sealed class Mute(Tensor p) : RuleOptimizer<MuteRule, LionOptions>([p], new LionOptions());

    [Fact]
    public void A_rule_that_gives_null_is_refused_by_name_and_changes_nothing()
    {
        Tensor p = Leaf(DType.Float32, 3);
        float[] before = p.Detach().ToArray<float>();
        Should.Throw<NotSupportedException>(() => new Mute(p)).Message.ShouldContain("mute_step: Remembered is null");
        p.Detach().ToArray<float>().ShouldBe(before);
    }

    [Fact]
    public void What_was_saved_by_name_is_loaded()
    {
        (string Options, string Memories, Func<Tensor, Optimizer> Make)[] golden =
        [
            ("lr momentum dampening weight_decay nesterov maximize", "momentum_buffer", p => new SGD([p], 0.1, momentum: 0.9)),
            ("lr beta1 beta2 eps weight_decay amsgrad maximize", "exp_avg exp_avg_sq max_exp_avg_sq step",
                p => new Adam([p], amsgrad: true)),
            ("lr beta1 beta2 eps weight_decay amsgrad maximize", "exp_avg exp_avg_sq step", p => new AdamW([p])),
            ("lr beta1 beta2 eps weight_decay", "exp_avg exp_inf step", p => new Adamax([p])),
            ("lr beta1 beta2 eps weight_decay momentum_decay", "exp_avg exp_avg_sq mu_product step", p => new NAdam([p])),
            ("lr beta1 beta2 eps weight_decay", "exp_avg exp_avg_sq step", p => new RAdam([p])),
            ("lr rho eps weight_decay", "acc_delta square_avg", p => new Adadelta([p])),
            ("lr lr_decay weight_decay eps maximize", "step sum", p => new Adagrad([p])),
            ("lr alpha eps weight_decay momentum centered maximize", "grad_avg momentum_buffer square_avg",
                p => new RMSprop([p], momentum: 0.9, centered: true)),
        ];
        foreach (var (options, memories, make) in golden)
        {
            Tensor p = Leaf(DType.Float32, 3), q = Leaf(DType.Float32, 3);
            Optimizer today = make(p);
            Run(today, p, 2);
            string name = today.GetType().Name;
            OptimizerState saved = today.StateDict();
            string.Join(' ', saved.ParamGroups[0].Options.Keys).ShouldBe(options, name);
            string.Join(' ', saved.State[0].Keys.Order(StringComparer.Ordinal)).ShouldBe(memories, name);
            Optimizer tomorrow = make(q);
            using (Autograd.NoGrad()) q.CopyInPlace(p);
            tomorrow.LoadStateDict(saved);
            Run(today, p, 1);
            Run(tomorrow, q, 1);
            q.ElementsEqual(p).ShouldBeTrue(name);
        }
    }
}
