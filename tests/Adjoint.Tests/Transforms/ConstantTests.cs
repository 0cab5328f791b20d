namespace Adjoint.Tests.Functional;

/// <summary>
/// What a function cuts off is a constant, whatever the method and the shape: the derivatives are those of the function with the
/// number in its place. See Note [One meaning of a constant].
/// </summary>
public class ConstantTests
{
    /// <summary>Ways to cut: what is computed inside is a constant.</summary>
    private static readonly Dictionary<string, Func<Func<Tensor>, Tensor>> s_cuts = new()
    {
        ["NoGrad"] = g => { using (Autograd.NoGrad()) return g(); },
        ["SetGradEnabled"] = g => { using (Autograd.SetGradEnabled(false)) return g(); },
        ["InferenceMode"] = g => { Tensor y; using (Autograd.InferenceMode()) y = g(); return y.Clone(); },
        ["Detach"] = g => g().Detach(),
        ["async"] = g => Task.Run(async () => { using (Autograd.NoGrad()) { await Task.Yield(); return g(); } }).Result,
        ["NoGrad in EnableGrad"] = g => { using (Autograd.EnableGrad()) using (Autograd.NoGrad()) return g(); },
        ["Checkpoint"] = g => { using (Autograd.NoGrad()) return Autograd.Checkpoint(_ => g(), Tensor.From([1.0])); },
        ["a transform inside"] = g => { using (Autograd.NoGrad()) return Transforms.Jvp(_ => g(), Tensor.From([1.0])).Value; },
        ["a gradient inside"] = g =>
            { using (Autograd.NoGrad()) return Transforms.Vjp(_ => g(), Tensor.From([1.0]), g().Detach().Clone()).Value; },
    };

    public static TheoryData<string, int> Cases => new([.. s_cuts.Keys.SelectMany(cut => new[] { 0, 1, 2 }.Select(shape => (cut, shape)))]);

    private static Tensor At(int shape) => Tensor.From((double[])(shape == 0 ? [2.0, 3.0] : shape == 1 ? [2.0] : [2.0, 3.0, 0.5]));

    // Wide, tall, square.
    private static Tensor Combine(Tensor c, Tensor x, int shape) => shape switch
    {
        0 => (c * x).Sum(0, keepDim: true),
        1 => Tensor.Cat([c * x, x.Sin() * c, c + x, x.Square()], 0),
        _ => c * x * x,
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cut_is_a_constant(string cut, int shape)
    {
        Tensor at = At(shape), number = at * at, v = at * 0.5 + 1;
        Func<Tensor, Tensor> f = x => Combine(s_cuts[cut](() => x * x), x, shape), constant = x => Combine(number, x, shape);
        Compare(cut, f, constant, at, v);
    }

    [Fact]
    public void EnableGrad_inside_a_cut_reconnects_and_what_surrounds_the_transform_cuts_nothing()
    {
        Tensor at = Tensor.From([2.0, 3.0]), v = Tensor.From([1.0, -1]);
        Func<Tensor, Tensor> reconnected = x =>
        {
            using (Autograd.NoGrad())
            using (Autograd.EnableGrad()) return x * x * x;
        };
        Compare("EnableGrad", reconnected, x => x * x * x, at, v);
        using (Autograd.NoGrad()) Compare("outside", x => x * x * x, x => x * x * x, at, v);
        using (Autograd.InferenceMode()) Compare("inference outside", x => x * x * x, x => x * x * x, at * 1.0, v * 1.0);
        Tensor expected = Transforms.Jacobian(x => x * x * x, at);
        using (Autograd.InferenceMode())
            Transforms.Jacobian(x => x * x * x, at * 1.0).ToArray<double>().ShouldBe(expected.ToArray<double>());
    }

    private static void Compare(string name, Func<Tensor, Tensor> f, Func<Tensor, Tensor> g, Tensor at, Tensor v)
    {
        Tensor y = g(at), u = y * 0 + Tensor.Arange(y.NumEl).To(DType.Float64).Reshape(y.Shape) + 1;
        Func<Tensor, Tensor> F = x => f(x).Square().Sum(), G = x => g(x).Square().Sum();
        Same(Transforms.Jvp(f, at, v).Jvp, Transforms.Jvp(g, at, v).Jvp, "Jvp");
        Same(Transforms.Vjp(f, at, u).Vjp, Transforms.Vjp(g, at, u).Vjp, "Vjp");
        foreach (DerivativeMode? mode in (DerivativeMode?[])[null, DerivativeMode.Forward, DerivativeMode.Reverse])
            Same(Transforms.Jacobian(f, at, mode), Transforms.Jacobian(g, at, DerivativeMode.Reverse), $"Jacobian {mode}");
        Same(Transforms.Hvp(F, at, v).Hvp, Transforms.Vhp(G, at, v).Vhp, "Hvp");
        Same(Transforms.Vhp(F, at, v).Vhp, Transforms.Hvp(G, at, v).Hvp, "Vhp");
        Same(Transforms.Hessian(F, at), Transforms.Hessian(G, at), "Hessian");
        Same(Transforms.Hessian(F, at, createGraph: true), Transforms.Hessian(G, at), "Hessian by reverse");
        Same(Transforms.Laplacian(F, at), Transforms.Laplacian(G, at), "Laplacian");
        Same(Transforms.ValueAndGrad(F, at).Gradient, Transforms.ValueAndGrad(G, at).Gradient, "ValueAndGrad");
        Same(Transforms.Jvp(x => Transforms.Jvp(F, x, v).Jvp, at, v).Jvp, Transforms.Jvp(x => Transforms.Jvp(G, x, v).Jvp, at, v).Jvp,
            "Jvp twice");
        if (y.Shape.Equals(at.Shape)) Same(Transforms.Divergence(f, at), Transforms.Divergence(g, at), "Divergence");

        void Same(Tensor got, Tensor expected, string method) =>
            got.Detach().Clone().ToArray<double>().ShouldBe(expected.Detach().Clone().ToArray<double>(), 1e-12, $"{name}: {method}");
    }

    private sealed class CubeWithoutJvp : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            Save(x);
            return x * x * x;
        }

        protected override Tensor? Backward(Tensor g) => Saved(0) is { } x ? 3.0 * x * x * g : null;
    }

    [Fact] // G3
    public void Where_forward_mode_has_no_rule_reverse_is_taken_and_the_report_says_so()
    {
        Func<Tensor, Tensor> cube = x => new CubeWithoutJvp().Apply(x), plain = x => x * x * x;
        foreach (int n in (int[])[1, 2, 3])
        {
            Tensor at = Tensor.Arange(n).To(DType.Float64) + 1.5, v = at * 0.5;
            Compare($"n = {n}", cube, plain, at, v, forward: false);
        }
        Func<Tensor, Tensor> tall = x => Tensor.Cat([cube(x), cube(x * 2.0)], 0);
        JacobianReport report = Transforms.JacobianWithReport(tall, Tensor.From([1.0]));
        report.Mode.ShouldBe(DerivativeMode.Reverse);
        report.Passes.ShouldBe(2);
        report.Note.ShouldNotBeNull().ShouldContain(nameof(CubeWithoutJvp));
        report.Matrix.ToArray<double>().ShouldBe([3, 24]);
        Transforms.JacobianWithReport(x => Tensor.Cat([x, x], 0), Tensor.From([1.0])).Note.ShouldBeNull();
        Should.Throw<MissingRuleException>(() => Transforms.Jacobian(tall, Tensor.From([1.0]), DerivativeMode.Forward));
        // Its derivative is a constant where f does not reach the argument.
        Transforms.Jvp(xs => [cube(xs[0]), xs[1]], [Tensor.From([1.0]), Tensor.From([2.0])], [Tensor.From([1.0]), Tensor.From([5.0])])
            .Products.Select(p => p.Item<double>()).ShouldBe([3, 5]);
    }

    private static void Compare(string name, Func<Tensor, Tensor> f, Func<Tensor, Tensor> g, Tensor at, Tensor v, bool forward)
    {
        Func<Tensor, Tensor> F = x => f(x).Square().Sum(), G = x => g(x).Square().Sum();
        Same(Transforms.Jvp(f, at, v).Jvp, Transforms.Jvp(g, at, v).Jvp, "Jvp");
        Same(Transforms.Jacobian(f, at), Transforms.Jacobian(g, at), "Jacobian");
        Same(Transforms.Hvp(F, at, v).Hvp, Transforms.Hvp(G, at, v).Hvp, "Hvp");
        Same(Transforms.Hessian(F, at), Transforms.Hessian(G, at), "Hessian");
        Same(Transforms.Laplacian(F, at), Transforms.Laplacian(G, at), "Laplacian");
        Same(Transforms.Divergence(f, at), Transforms.Divergence(g, at), "Divergence");
        Tensor r = at.Clone().RequiresGradInPlace(), q = at.Clone().RequiresGradInPlace();
        Transforms.Jvp(f, r, v, createGraph: true).Jvp.Sum().Backward();
        Transforms.Jvp(g, q, v, createGraph: true).Jvp.Sum().Backward();
        Same(r.Grad!, q.Grad!, "createGraph");

        void Same(Tensor got, Tensor expected, string method) =>
            got.Detach().ToArray<double>().ShouldBe(expected.Detach().ToArray<double>(), 1e-9, $"{name}: {method}");
    }

    /// <summary>Columns are passes of their own, but of one function: with one mask, drawn once.</summary>
    [Fact]
    public void Random_numbers_are_drawn_once_for_all_passes()
    {
        Generator g = new(3), plain = new(3);
        Tensor at = Tensor.From([1.0, 2]);
        Tensor F(Tensor x, Generator a) => Tensor.Cat([x, x * x, x.Sin()], 0).Dropout(0.5, true, a);
        double[] expected = Transforms.Jacobian(x => F(x, plain), at, DerivativeMode.Reverse).ToArray<double>();
        Transforms.Jacobian(x => F(x, g), at).ToArray<double>().ShouldBe(expected, 1e-14);
        g.GetState().ShouldBe(plain.GetState());
        Generator h = new(3);
        Transforms.Jacobian(x => F(x, h), at, DerivativeMode.Forward).ToArray<double>().ShouldBe(expected, 1e-14);
        h.GetState().ShouldBe(plain.GetState());
        Generator k = new(3), l = new(3);
        Tensor laplacian = Transforms.Laplacian(x => F(x * x, k).Sum(), at);
        laplacian.Item<double>().ShouldBe(Transforms.Hessian(x => F(x * x, l).Sum(), at).Trace().Item<double>(), 1e-12);
        k.GetState().ShouldBe(plain.GetState());
    }
}
