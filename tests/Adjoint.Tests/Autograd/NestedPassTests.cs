namespace Adjoint.Tests.Differentiation;

/// <summary>Depth that the user drives: it works, or ends in an exception; never in the end of the process.</summary>
public class NestedPassTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact] // 16,000 deep
    public void A_backward_pass_in_a_hook_of_a_backward_pass_and_so_on()
    {
        int reached = 0;
        Tensor Level(int left)
        {
            Tensor x = Leaf(1), y = x * 2.0;
            y.RegisterHook(g =>
            {
                reached++;
                using GradScope _ = Autograd.EnableGrad();
                if (left > 0) Level(left - 1).Backward();
            });
            return y;
        }

        Level(50).Backward();
        reached.ShouldBe(51);
        InSmallStack(() => Should.Throw<AutogradException>(() => Level(16_000).Backward()).Message.ShouldContain("nested"));
        Leaf(2).Square().Backward();
        Autograd.IsGradEnabled.ShouldBeTrue();
    }

    [Fact]
    public void A_checkpoint_in_a_checkpoint_and_so_on()
    {
        Tensor Level(Tensor x, int left) => left == 0 ? x.Sin() : Autograd.Checkpoint(t => Level(t * 1.0, left - 1), x);
        Tensor x = Leaf(0.5);
        Level(x, 30).Backward();
        x.Grad!.Item<double>().ShouldBe(Math.Cos(0.5), 1e-14);
        InSmallStack(() => Should.Throw<AutogradException>(() => Level(x, 100_000)).Message.ShouldContain("nested"));
    }

    [Fact]
    public void A_transform_in_a_transform_and_so_on()
    {
        Tensor Level(Tensor x, int left) => left == 0 ? x : Transforms.Vjp(t => Level(t, left - 1), x).Value;
        InSmallStack(() => Should.Throw<AutogradException>(() => Level(Tensor.From([1.0]), 100_000)).Message.ShouldContain("nested"));
    }

    /// <summary>Everything that runs a function of the user's, inside each of those that differentiate or keep it.</summary>
    [Fact]
    public void Whatever_runs_a_function_in_whatever_runs_one_and_so_on()
    {
        // A direction that carried tangents itself would double their number with every level.
        Tensor one = Tensor.From([1.0]).Sum();
        (string Name, Func<Func<Tensor, Tensor>, Tensor, Tensor> Run)[] runners =
        [
            ("checkpoint", (f, x) => Autograd.Checkpoint(f, x)),
                ("checkpoint of parts", (f, x) => Autograd.CheckpointSequential([f, f], 1, x)),
                ("vjp", (f, x) => Transforms.Vjp(f, x).Value),
            ("jvp", (f, x) => Transforms.Jvp(f, x, one).Value), ("jacobian", (f, x) => Transforms.Jacobian(f, x).Sum()),
            ("hvp", (f, x) => Transforms.Hvp(t => f(t).Sum(), x, one).Value),
            ("vhp", (f, x) => Transforms.Vhp(t => f(t).Sum(), x, one).Value),
            ("hessian", (f, x) => Transforms.Hessian(t => f(t).Sum(), x).Sum()),
            ("no grad", (f, x) => { using (Autograd.NoGrad()) return f(x); }),
            ("hook", (f, x) =>
            {
                using GradScope _ = Autograd.EnableGrad();
                Tensor z = x.Detach().RequiresGradInPlace(), y = z * 1.0;
                using HookHandle handle = y.RegisterHook(g => { f(z.Detach()); return g; });
                y.Sum().Backward();
                return x;
            }),
            ("function", (f, x) => new Runs(f).Apply(x)), ("module", (f, x) => new Holds(f).Call(x)),
        ];
        foreach ((string outer, Func<Func<Tensor, Tensor>, Tensor, Tensor> first) in runners[..8])
            foreach ((string inner, Func<Func<Tensor, Tensor>, Tensor, Tensor> second) in runners)
            {
                Tensor Level(Tensor x, int left) => left == 0 ? x * 2.0 : (left % 2 == 0 ? first : second)(t => Level(t, left - 1), x);
                Should.NotThrow(() => Level(one, 3), $"{inner} in {outer}");
                InSmallStack(
                    () => Should.Throw<AutogradException>(() => Level(one, 100_000), $"{inner} in {outer}").Message.ShouldContain(
                        "nested"));
                Autograd.IsGradEnabled.ShouldBeTrue($"{inner} in {outer}");
                Leaf(2).Square().Backward();
            }
    }

    private sealed class Runs(Func<Tensor, Tensor> f) : Function
    {
        protected override Tensor Forward(Tensor x) => f(x);

        protected override Tensor? Backward(Tensor g) => g;

        protected override IReadOnlyList<Tensor?> Jvp(IReadOnlyList<Tensor?> tangents) => tangents;
    }

    private sealed class Holds(Func<Tensor, Tensor> f) : Adjoint.Nn.Module
    {
        protected override Tensor Forward(Tensor input) => f(input);
    }

    [Fact]
    public void A_custom_function_in_a_custom_function_and_so_on()
    {
        InSmallStack(() => Should.Throw<AutogradException>(() => new Deep(100_000).Apply(Leaf(1))).Message.ShouldContain("nested"));
        new Deep(20).Apply(Leaf(1)).Item<double>().ShouldBe(1);
    }

    private sealed class Deep(int left) : Function
    {
        protected override Tensor Forward(Tensor x) => left == 0 ? x * 1.0 : new Deep(left - 1).Apply(x);

        protected override Tensor? Backward(Tensor g) => g;
    }

    [Fact]
    public void A_graph_a_hundred_thousand_deep_runs_prints_and_is_let_go()
    {
        Tensor x = Leaf(1), y = x;
        for (int i = 0; i < 100_000; i++) y = y * 1.0;
        InSmallStack(() =>
        {
            Autograd.Grad(y, x, retainGraph: true).Item<double>().ShouldBe(1);
            y.ToString().ShouldContain("MulBackward0");
            y.Backward();
        });
        x.Grad!.Item<double>().ShouldBe(1);
    }

    private static void InSmallStack(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
    }
}
