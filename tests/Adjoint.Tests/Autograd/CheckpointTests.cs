namespace Adjoint.Tests.Differentiation;

/// <summary>Checkpointing: behaviours of section 13.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CheckpointTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 13.1, 13.2, 13.11
    public void Same_value_and_gradients_and_a_second_run()
    {
        Tensor x = Leaf(0.5, 1), w = Leaf(2, 3);
        int runs = 0;
        Tensor F(Tensor t)
        {
            runs++;
            return (t * w).Sin().Exp();
        }

        F(x).Sum().Backward();
        double[] gx = Of(x.Grad), gw = Of(w.Grad);
        x.Grad = w.Grad = null;
        runs = 0;
        Tensor y = Autograd.Checkpoint(F, x);
        runs.ShouldBe(1);
        y.Sum().Backward();
        runs.ShouldBe(2);
        Of(x.Grad).ShouldBe(gx);
        Of(w.Grad).ShouldBe(gw);
    }

    [Fact] // 13.4
    public void Works_with_Grad_and_inputs()
    {
        Tensor x = Leaf(0.5), y = Autograd.Checkpoint(t => t.Exp().Sin(), x);
        double expected = Math.Cos(Math.Exp(0.5)) * Math.Exp(0.5);
        Autograd.Grad([y], [x], retainGraph: true)[0]!.Item<double>().ShouldBe(expected, 1e-14);
        y.Backward(inputs: [x]);
        x.Grad!.Item<double>().ShouldBe(expected, 1e-14);
    }

    [Fact] // 13.6, 13.8
    public void Random_numbers_are_drawn_again_and_the_stream_stays_where_it_was()
    {
        Rng.ManualSeed(3);
        Tensor x = Tensor.Ones([64], DType.Float64, requiresGrad: true);
        Tensor y = Autograd.Checkpoint(t => t.Exp() * Noise(), x);
        byte[] state = Rng.GetState();
        Tensor expected = y.Detach();
        y.Sum().Backward();
        Of(x.Grad).ShouldBe(Of(expected));
        Rng.GetState().ShouldBe(state);
    }

    private static Tensor Noise()
    {
        var values = new double[64];
        for (int i = 0; i < values.Length; i++) values[i] = Rng.Default.NextDouble();
        return Tensor.From(values);
    }

    [Fact] // 13.12, nested
    public void Several_inputs_and_outputs_and_nesting()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        IReadOnlyList<Tensor> ys = Autograd.Checkpoint(
            xs => new[] { xs[0] * xs[1], Autograd.Checkpoint(t => (t * t).Exp(), xs[0] * 0.1) }, new[] { a, b });
        (ys[0] + ys[1]).Backward();
        a.Grad!.Item<double>().ShouldBe(3 + Math.Exp(0.04) * 0.4 * 0.1, 1e-12);
        b.Grad!.Item<double>().ShouldBe(2);
    }

    [Fact] // 13.13
    public void Sequential_in_segments()
    {
        Tensor x = Leaf(0.3), plain = x.Sin().Exp().Tanh().Sin();
        Func<Tensor, Tensor>[] steps = [t => t.Sin(), t => t.Exp(), t => t.Tanh(), t => t.Sin()];
        Tensor y = Autograd.CheckpointSequential(steps, 2, x);
        y.Item<double>().ShouldBe(plain.Item<double>());
        y.Backward();
        x.Grad!.Item<double>().ShouldBe(Autograd.Grad([plain], [x])[0]!.Item<double>(), 1e-15);
    }

    [Fact]
    public void A_function_that_does_something_else_the_second_time_is_an_error()
    {
        Tensor x = Leaf(1, 2);
        int runs = 0;
        Tensor y = Autograd.Checkpoint(t => runs++ == 0 ? t.Exp().Sin() : t * 2.0, x);
        Should.Throw<AutogradException>(() => y.Sum().Backward()).Message.ShouldContain("both times");
    }

    [Fact]
    public void Generators_of_ones_own_draw_the_same_again_and_move_once()
    {
        foreach (bool nested in (bool[])[false, true])
        {
            Generator g = new(5), h = new(6), plainG = new(5), plainH = new(6);
            Tensor F(Tensor t, Generator a, Generator b) =>
                (t.Dropout(0.5, true, a).Sin() + t.Dropout(0.3, true, b).Exp()) * a.NextDouble();
            Tensor x = Tensor.Ones([64], DType.Float64, requiresGrad: true), p = x.Detach().RequiresGradInPlace();
            Tensor y = nested
                ? Autograd.Checkpoint(t => Autograd.Checkpoint(u => F(u, g, h), t * 1.0) * g.NextDouble(), x)
                : Autograd.Checkpoint(t => F(t, g, h) * g.NextDouble(), x);
            Tensor expected = F(p, plainG, plainH) * plainG.NextDouble();
            Of(y.Detach()).ShouldBe(Of(expected.Detach()));
            (y.Sum() * g.NextDouble()).Backward();
            (expected.Sum() * plainG.NextDouble()).Backward();
            Of(x.Grad).ShouldBe(Of(p.Grad));
            g.GetState().ShouldBe(plainG.GetState());
            h.GetState().ShouldBe(plainH.GetState());
        }
    }

    [Fact]
    public void A_function_that_seeds_its_generator_itself()
    {
        Generator g = new(1);
        Tensor x = Tensor.Ones([32], DType.Float64, requiresGrad: true);
        Tensor y = Autograd.Checkpoint(t => t * t.Dropout(0.5, true, g.ManualSeed(9)), x);
        g.NextDouble();
        byte[] state = g.GetState();
        y.Sum().Backward();
        g.GetState().ShouldBe(state);
        Of(x.Grad).ShouldBe(Of(y.Detach() * 2.0));
    }

    /// <summary>f differentiates inside; each is compared with the same without a checkpoint, to second order.</summary>
    public static TheoryData<string> Inner => [.. s_inner.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_inner = new()
    {
        ["plain"] = t => t.Sin() * t.Exp(),
        ["grad"] = t =>
        {
            Tensor u = t * 1.0, y = (u.Sin() * u).Sum();
            return Autograd.Grad(y, u, createGraph: true) * t.Exp();
        },
        ["grad, graph kept"] = t =>
        {
            Tensor u = t.Detach().RequiresGradInPlace(), y = (u * u * u).Sum();
            return Autograd.Grad(y, u) * t.Sin();
        },
        ["jvp"] = t => Transforms.Jvp(v => v.Sin() * v, t, t.OnesLike(), createGraph: true).Jvp * t.Exp(),
        ["jvp constant"] = t => Transforms.Jvp(v => v.Sin() * v, t, t.OnesLike()).Jvp * t.Exp(),
        ["hvp"] = t => Transforms.Hvp(v => (v.Sin() * v).Sum(), t, t.OnesLike(), createGraph: true).Hvp * t,
        ["hessian"] = t => Transforms.Hessian(v => v.Pow(4).Sum(), t, createGraph: true).Sum(0) * t,
        ["jacobian"] = t => Transforms.Jacobian(v => v.Exp(), t, createGraph: true).Sum(0) * t,
        ["checkpoint"] = t => Autograd.Checkpoint(v => Autograd.Grad((v.Exp() * v).Sum(), v, createGraph: true).Sin(), t) * t,
        ["nested twice"] = t =>
            Autograd.Checkpoint(v => Autograd.Checkpoint(w => Transforms.Jvp(z => z.Exp(), w, w, createGraph: true).Jvp, v * v), t),
        ["in place"] = t =>
        {
            Tensor u = t * 1.0;
            u[0] *= t[1];
            u.MulInPlace(t);
            return u.Sin();
        },
    };

    [Theory]
    [MemberData(nameof(Inner))]
    public void A_checkpoint_is_invisible_around_and_under_derivatives(string which)
    {
        Func<Tensor, Tensor> f = s_inner[which], g = t => Autograd.Checkpoint(f, t);
        Tensor at = Tensor.From([0.5, 0.8]), v = Tensor.From([1.0, -2]);
        Func<Tensor, Tensor> F = t => f(t * 1.5).Square().Sum(), G = t => g(t * 1.5).Square().Sum();

        Tensor x = at.Clone().RequiresGradInPlace(), p = at.Clone().RequiresGradInPlace();
        G(x).Backward();
        F(p).Backward();
        Same(x.Grad!, p.Grad!, "backward");
        Same(Transforms.Vjp(g, at, v).Vjp, Transforms.Vjp(f, at, v).Vjp, "vjp");
        Same(Transforms.Jvp(g, at, v).Jvp, Transforms.Jvp(f, at, v).Jvp, "jvp");
        Same(Transforms.Hvp(G, at, v).Hvp, Transforms.Hvp(F, at, v).Hvp, "hvp");
        Same(Transforms.Vhp(G, at, v).Vhp, Transforms.Vhp(F, at, v).Vhp, "vhp");
        Same(Transforms.Hessian(G, at), Transforms.Hessian(F, at), "hessian");
        Same(Transforms.Hessian(G, at, createGraph: true).Detach(), Transforms.Hessian(F, at).Detach(), "hessian by reverse");
        Same(Transforms.Jacobian(g, at, DerivativeMode.Forward), Transforms.Jacobian(f, at, DerivativeMode.Reverse), "jacobian");
        Same(
            Transforms.Jvp(t => Transforms.Jvp(g, t, v).Jvp, at, v).Jvp, Transforms.Jvp(t => Transforms.Jvp(f, t, v).Jvp, at, v).Jvp,
            "jvp of jvp");
        // The level has ended when the pass comes to recompute.
        Tensor r = at.Clone().RequiresGradInPlace(), q = at.Clone().RequiresGradInPlace();
        Transforms.Jvp(g, r, v, createGraph: true).Jvp.Sum().Backward();
        Transforms.Jvp(f, q, v, createGraph: true).Jvp.Sum().Backward();
        Same(r.Grad!, q.Grad!, "reverse over forward");

        void Same(Tensor got, Tensor expected, string method) =>
            Of(got.Detach()).ShouldBe(Of(expected.Detach()), 1e-11, $"{which}: {method}");
    }
}
