using Adjoint.Optim;

namespace Adjoint.Tests.Optim.Open;

/// <summary>Rules, options and states that make no sense, and rules that throw in the middle.</summary>
public class OddRuleTests
{
    private sealed record Options(double Lr = 0.1, int Count = 1, long Large = 1);

    private readonly struct Throwing : IUpdateRule<Options>
    {
        public static string Name => "throwing_step";

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, Options o) where V : IAlgebra<V>
        {
            if (--t_left < 0) throw new InvalidOperationException("mine");
            p -= o.Lr * g;
        }
    }

    private readonly struct Twice : IUpdateRule<Options>
    {
        public static string Name => "twice_step";

        public static IReadOnlyList<string> Remembered => ["mean", "mean"];

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, Options o) where V : IAlgebra<V> => p -= o.Lr * g;
    }

    private readonly struct Counting : IUpdateRule<Options>
    {
        public static string Name => "counting_step";

        public static IReadOnlyList<string> Remembered => ["step"];

        public static void Update<V>(ref V p, V g, ref UpdateState<V> state, Options o) where V : IAlgebra<V> => p -= o.Lr * g;
    }

    private sealed class By<TRule>(Tensor p) : RuleOptimizer<TRule, Options>([p], new Options())
        where TRule : struct, IUpdateRule<Options>;

    [ThreadStatic]
    private static int t_left;

    private static Tensor Leaf => Tensor.From([1f, 2f, 3f], requiresGrad: true);

    [Fact]
    public void A_rule_that_throws_in_the_middle_has_changed_its_parameter()
    {
        Tensor p = Leaf, y = (p * p).Sum();
        p.Grad = p.OnesLike();
        t_left = 1;
        Should.Throw<InvalidOperationException>(() => new By<Throwing>(p).Step()).Message.ShouldBe("mine");
        p.ToArray<float>()[0].ShouldNotBe(1f, "one call was a step");
        p.Version.ShouldBe(1);
        Should.Throw<VersionException>(() => y.Backward());
    }

    [Fact]
    public void What_is_remembered_has_names_of_its_own()
    {
        Should.Throw<NotSupportedException>(() => new By<Twice>(Leaf)).Message.ShouldContain("\"mean\" is there twice");
        Should.Throw<NotSupportedException>(() => new By<Counting>(Leaf)).Message.ShouldContain("count of steps");
    }

    [Theory]
    [InlineData("count", 2147483648.0)]
    [InlineData("count", -1e12)]
    [InlineData("large", 9223372036854775808.0)]
    public void A_number_that_does_not_fit_its_option_is_refused(string name, double value)
    {
        var optimizer = new By<Throwing>(Leaf);
        Should.Throw<ArgumentOutOfRangeException>(() => optimizer.ParamGroups[0][name] = value).ParamName.ShouldBe(name);
        optimizer.ParamGroups[0]["count"] = 2147483647.0;
    }

    [Fact]
    public void A_state_with_a_tensor_for_a_number_or_the_reverse_is_refused()
    {
        Tensor p = Tensor.Scalar(1.0, requiresGrad: true);
        var optimizer = new Adam([p]);
        p.Grad = p.OnesLike();
        optimizer.Step();
        OptimizerState state = optimizer.StateDict();
        OptimizerState With(string name, object value) => state with
        {
            State = new Dictionary<int, IReadOnlyDictionary<string, object?>>
            {
                [0] = state.State[0].ToDictionary(entry => entry.Key, entry => entry.Key == name ? value : entry.Value),
            },
        };
        Should.Throw<ArgumentException>(() => optimizer.LoadStateDict(With("step", Tensor.Scalar(1.0)))).Message.ShouldContain("a number");
        optimizer.LoadStateDict(With("exp_avg", 3.0));
        Should.Throw<ArgumentException>(() => optimizer.Step()).Message.ShouldContain("exp_avg");
        optimizer.LoadStateDict(With("step", 4L));
        optimizer.Step();
        optimizer.StateDict().State[0]["step"].ShouldBe(5.0);
    }
}
