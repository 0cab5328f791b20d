namespace Adjoint.Tests.Optim;

using Adjoint.Nn;
using Autograd = Adjoint.Autograd;
using Adjoint.Optim;

public class OptimizerTests
{
    private static Tensor Leaf(params ReadOnlySpan<double> values) => Tensor.From(values, requiresGrad: true);

    [Fact]
    public void A_parameter_without_a_gradient_is_skipped_and_one_with_zeros_is_not()
    {
        Tensor without = Leaf(1), zero = Leaf(1);
        zero.Grad = Tensor.Zeros([1], DType.Float64);
        var optimizer = new SGD([without, zero], lr: 0.1, momentum: 0.9, weightDecay: 0.5);
        optimizer.Step();
        without.Item().ShouldBe(1);
        zero.Item().ShouldBe(0.95);
        optimizer.StateDict().State.Keys.ShouldBe([1]);
    }

    [Fact]
    public void Steps_change_leaves_in_place()
    {
        Tensor p = Leaf(1, 2);
        p.Grad = Tensor.Ones([2], DType.Float64);
        int version = p.Version;
        new SGD([p], 0.1).Step();
        p.IsLeaf.ShouldBeTrue();
        p.RequiresGrad.ShouldBeTrue();
        p.Version.ShouldBe(version + 1);
    }

    [Fact]
    public void A_graph_that_saved_a_parameter_notices_the_step()
    {
        Tensor p = Leaf(3);
        Tensor y = (p * p).Sum();
        p.Grad = Tensor.Ones([1], DType.Float64);
        new SGD([p], 0.1).Step();
        Should.Throw<VersionException>(() => y.Backward());
    }

    [Fact]
    public void A_closure_runs_with_gradients_and_its_loss_is_returned()
    {
        Tensor p = Leaf(3);
        var optimizer = new SGD([p], 0.1);
        using (Autograd.NoGrad())
        {
            Tensor loss = optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                Tensor value = (p * p).Sum();
                value.Backward();
                return value;
            });
            loss.Item().ShouldBe(9);
        }
        p.Item().ShouldBe(2.4, 1e-12);
    }

    [Fact]
    public void Gradients_become_null_or_zeros()
    {
        Tensor p = Leaf(3);
        var optimizer = new SGD([p], 0.1);
        p.Grad = Tensor.Ones([1], DType.Float64);
        optimizer.ZeroGrad(setToNone: false);
        p.Grad!.Item().ShouldBe(0);
        optimizer.ZeroGrad();
        p.Grad.ShouldBeNull();
    }

    [Fact]
    public void Groups_have_options_of_their_own()
    {
        Tensor a = Leaf(1), b = Leaf(1), c = Leaf(1);
        var optimizer = new SGD([new ParamGroup([a]), new ParamGroup([b]) { ["lr"] = 0.5 }], lr: 0.1);
        optimizer.AddParamGroup(new ParamGroup([c]) { Lr = 1 });
        foreach (Tensor p in new[] { a, b, c }) p.Grad = Tensor.Ones([1], DType.Float64);
        optimizer.Step();
        new[] { a.Item(), b.Item(), c.Item() }.ShouldBe([0.9, 0.5, 0]);
        optimizer.ParamGroups[1]["momentum"].ShouldBe(0.0);
        optimizer.ParamGroups[0].Lr = 0.2;
        optimizer.Step();
        a.Item().ShouldBe(0.7, 1e-12);
    }

    [Fact]
    public void Parameters_are_checked()
    {
        Tensor p = Leaf(1);
        Should.Throw<ArgumentException>(() => new SGD(Array.Empty<Tensor>())).Message.ShouldContain("empty list");
        Should.Throw<ArgumentException>(() => new SGD([p * 2])).Message.ShouldContain("no leaf");
        Should.Throw<ArgumentException>(() => new SGD([p, p])).Message.ShouldContain("more than once");
        Should.Throw<ArgumentException>(() => new SGD([new ParamGroup([p]), new ParamGroup([p])])).Message.ShouldContain("more than once");
    }

    [Fact]
    public void A_state_with_other_groups_is_refused()
    {
        OptimizerState state = new SGD([Leaf(1), Leaf(2)]).StateDict();
        Should.Throw<ArgumentException>(() => new SGD([Leaf(1)]).LoadStateDict(state)).Message.ShouldContain("2 parameters");
        Should.Throw<ArgumentException>(() => new SGD([new ParamGroup([Leaf(1)]), new ParamGroup([Leaf(1)])])
            .LoadStateDict(state)).Message.ShouldContain("1 parameter groups");
    }

    [Fact]
    public void Gradients_are_clipped_by_their_common_norm()
    {
        Tensor a = Tensor.From([0f], requiresGrad: true), b = Tensor.From([0f], requiresGrad: true),
            none = Tensor.From([0f], requiresGrad: true);
        void Set(float x, float y) => (a.Grad, b.Grad) = (Tensor.From([x]), Tensor.From([y]));
        Set(3, 4);
        Gradients.ClipNorm([a, b, none], 1).ShouldBe(5);
        a.Grad!.Item<float>().ShouldBe(0.599999905f);
        b.Grad!.Item<float>().ShouldBe(0.799999833f);
        Set(3, -4);
        Gradients.ClipNorm([a, b], 100, double.PositiveInfinity).ShouldBe(4);
        Gradients.ClipNorm([a, b], 100, 1).ShouldBe(7);
        b.Grad!.Item().ShouldBe(-4);
        Gradients.ClipNorm(none, 1).ShouldBe(0);
        Gradients.ClipValue([a, b, none], 2);
        a.Grad!.Item().ShouldBe(2);
        b.Grad!.Item().ShouldBe(-2);
    }

    [Fact]
    public void A_norm_that_is_not_finite_can_be_an_error()
    {
        Tensor p = Tensor.From([0f, 0], requiresGrad: true);
        p.Grad = Tensor.From([float.NaN, 1]);
        Should.Throw<ArithmeticException>(() => Gradients.ClipNorm(p, 1, errorIfNonfinite: true));
        p.Grad.ToArray<float>().ShouldBe([float.NaN, 1]);
        p.Grad = Tensor.From([float.PositiveInfinity, 1]);
        Gradients.ClipNorm(p, 1);
        p.Grad.ToArray<float>().ShouldBe([float.NaN, 0]);
    }

    [Fact]
    public void A_network_learns_exclusive_or()
    {
        Generator generator = new(7);
        var net = new Sequential(new Linear(2, 16, generator: generator), new Tanh(), new Linear(16, 1, generator: generator));
        Tensor x = Tensor.From([0f, 0, 0, 1, 1, 0, 1, 1], [4, 2]), t = Tensor.From([0f, 1, 1, 0], [4, 1]);
        var optimizer = new SGD(net.Parameters(), lr: 0.3, momentum: 0.9);
        float loss = 0;
        for (int step = 0; step < 300; step++)
        {
            Tensor error = F.BinaryCrossEntropyWithLogits(net.Call(x), t);
            optimizer.ZeroGrad();
            error.Backward();
            optimizer.Step();
            loss = error.Item<float>();
        }
        loss.ShouldBeLessThan(0.01f);
    }

    [Fact]
    public void The_parameters_of_a_group_are_nobodys_to_exchange()
    {
        Tensor p = Tensor.From([1f], requiresGrad: true);
        var group = new ParamGroup([p]);
        (group.Parameters as Tensor[]).ShouldBeNull();
        Should.Throw<NotSupportedException>(() => ((IList<Tensor>)group.Parameters)[0] = Tensor.Ones(1));
    }

    [Theory, InlineData("lr"), InlineData("weight_decay"), InlineData("maximize")]
    public void An_option_that_is_set_in_the_dictionary_counts_from_the_next_step_on(string option)
    {
        object value = option == "maximize" ? true : 0.5;
        Tensor kept = Tensor.From([2.0], requiresGrad: true), fresh = Tensor.From([2.0], requiresGrad: true);
        var optimizer = new SGD([kept], lr: 0.1);
        Stepped(optimizer, kept);
        optimizer.ParamGroups[0].Options[option] = value;
        Stepped(optimizer, kept);

        Stepped(new SGD([fresh], lr: 0.1), fresh);
        Stepped(new SGD([new ParamGroup([fresh]) { [option] = value }], lr: 0.1), fresh);
        kept.Item().ShouldBe(fresh.Item());

        static void Stepped(SGD optimizer, Tensor x)
        {
            optimizer.ZeroGrad();
            (x * x).Backward();
            optimizer.Step();
        }
    }
}
