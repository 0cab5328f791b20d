namespace Adjoint.Tests.Functional;

/// <summary>Checks of gradients: behaviours of section 11.</summary>
public class GradCheckTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private sealed class Rule(Func<Tensor, Tensor> f, Func<Tensor, Tensor, Tensor?> backward) : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            Save(x);
            return f(x);
        }

        protected override Tensor? Backward(Tensor g) => backward(Saved(0)!, g);
    }

    [Fact] // 11.1, 11.18
    public void Right_gradients_pass_in_all_modes()
    {
        var options = new GradCheckOptions { CheckForward = true };
        GradCheck.Run(x => (x * x).Sin(), Leaf(0.5, 1.5), options).ShouldBeTrue();
        GradCheck.Run(x => (x * x).Sin(), Leaf(0.5, 1.5), options with { FastMode = true }).ShouldBeTrue();
        GradCheck.RunSecondOrder(x => (x * x).Sin(), Leaf(0.5, 1.5)).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => GradCheck.Run(x => x, Leaf(1), new GradCheckOptions { CheckBackward = false }));
    }

    [Fact] // 11.2, 11.3
    public void A_wrong_backward_is_named_with_both_values()
    {
        Func<Tensor, Tensor> wrong = x => new Rule(t => t * t, (t, g) => 3.0 * t * g).Apply(x);
        GradCheckException error = Should.Throw<GradCheckException>(() => GradCheck.Run(wrong, Leaf(1, 2)));
        error.Message.ShouldContain("entry (0, 0)");
        error.Message.ShouldContain("numeric 2");
        error.Message.ShouldContain("3");
        GradCheck.Run(wrong, Leaf(1, 2), new GradCheckOptions { RaiseException = false }).ShouldBeFalse();
        Should.Throw<GradCheckException>(() => GradCheck.Run(wrong, Leaf(1, 2), new GradCheckOptions { FastMode = true }));
    }

    [Fact] // 11.5, 11.7
    public void Inputs_are_checked()
    {
        Should.Throw<ArgumentException>(() => GradCheck.Run(x => x, Tensor.From([1.0])));
        Should.Throw<ArgumentException>(() =>
            GradCheck.Run(x => x * 2.0, Tensor.From([1.0]).Expand(3).RequiresGradInPlace())).Message.ShouldContain("Contiguous");
    }

    [Fact] // 11.6
    public void Single_precision_is_pointed_out() =>
        Should.Throw<GradCheckException>(() => GradCheck.Run(x => x.Exp(), Tensor.From([1f], requiresGrad: true))).Message.ShouldContain(
            "Float64");

    [Fact] // 11.9, 11.10
    public void Outputs_without_grad_must_be_independent()
    {
        GradCheck.Run(xs => new[] { xs[0] * 2.0, xs[0].Detach() * 0.0 }, new[] { Leaf(1) }).ShouldBeTrue();
        Should.Throw<GradCheckException>(() =>
            GradCheck.Run(xs => new[] { xs[0].Detach() * 2.0 }, new[] { Leaf(1) })).Message.ShouldContain("detached");
        GradCheck.Run(_ => [], new[] { Leaf(1) }).ShouldBeTrue();
    }

    [Fact] // 11.12, 11.13, 11.14
    public void The_backward_pass_must_be_repeatable_and_linear()
    {
        var random = new Random(1);
        Func<Tensor, Tensor> noisy = x => new Rule(t => t * 2.0, (_, g) => 2.0 * g + 1e-7 * random.NextDouble() * g).Apply(x);
        Should.Throw<GradCheckException>(() => GradCheck.Run(noisy, Leaf(1))).Message.ShouldContain("differ");
        GradCheck.Run(noisy, Leaf(1), new GradCheckOptions { NondetTol = 1e-5 }).ShouldBeTrue();
        Func<Tensor, Tensor> affine = x => new Rule(t => t * 2.0, (_, g) => g.OnesLike() * 2.0).Apply(x);
        Should.Throw<GradCheckException>(() => GradCheck.Run(affine, Leaf(1))).Message.ShouldContain("not multiplied");
    }

    [Fact] // 11.21
    public void A_wrong_second_derivative_is_found()
    {
        Func<Tensor, Tensor> wrong = x => new Rule(t => t.Sin(), (t, g) => g * t.Detach().Cos()).Apply(x);
        GradCheck.Run(wrong, Leaf(0.5)).ShouldBeTrue();
        Should.Throw<GradCheckException>(() => GradCheck.RunSecondOrder(wrong, Leaf(0.5)));
    }

    [Fact] // 11.22
    public void A_kink_fails() => Should.Throw<GradCheckException>(() => GradCheck.Run(x => x.Relu(), Leaf(0)));

    [Fact] // 11.8
    public void Inputs_that_do_not_require_grad_are_passed_through()
    {
        Tensor factor = Tensor.From([3.0]), index = Tensor.From([1L, 0L]);
        GradCheck.Run(
            xs =>
            {
                xs[1].ShouldBeSameAs(factor);
                xs[2].ShouldBeSameAs(index);
                return new[] { xs[0].IndexSelect(0, xs[2]) * xs[1] };
            },
            new[] { Leaf(1, 2), factor, index }).ShouldBeTrue();
    }

    [Fact] // 11.16
    public void A_shape_that_depends_on_the_values_is_pointed_out() =>
        Should.Throw<GradCheckException>(() => GradCheck.Run(x => x.MaskedSelect(x > 1.0) * x.Sum(), Leaf(1, 2))).Message.ShouldContain(
            "changes its shape");

    [Fact] // 11.17, 11.18
    public void Fast_mode_finds_one_wrong_entry_in_either_mode()
    {
        Func<Tensor, Tensor> wrong = x => new Rule(t => t * t, (t, g) => g * t * Tensor.From([2.0, 2, 2.1])).Apply(x);
        GradCheckException error =
            Should.Throw<GradCheckException>(() => GradCheck.Run(wrong, Leaf(1, 2, 3), new GradCheckOptions { FastMode = true }));
        error.Message.ShouldContain("projection");
        var forward = new GradCheckOptions { CheckForward = true, CheckBackward = false };
        GradCheck.Run(x => x.Exp(), Leaf(1, 2), forward).ShouldBeTrue();
        Should.Throw<MissingRuleException>(() => GradCheck.Run(wrong, Leaf(1, 2, 3), forward));
    }

    [Fact] // 11.11
    public void A_function_without_results_passes() => GradCheck.Run(_ => Array.Empty<Tensor>(), [Leaf(1, 2)]).ShouldBeTrue();

    [Fact] // 11.20
    public void Gradients_of_the_results_may_be_given()
    {
        Tensor gradient = Tensor.From([0.5, -1, 2, 3], [2, 2]).T;       // not contiguous
        GradCheck.RunSecondOrder(
            xs => new[] { xs[0].MatMul(xs[0]).Sin() }, new[] { Tensor.From([0.1, 0.2, 0.3, 0.4], [2, 2], requiresGrad: true) },
            new[] { gradient }).ShouldBeTrue();
    }
}
