namespace Adjoint.Tests.Differentiation;

/// <summary>Autograd.Grad: behaviours of section 4, and higher orders of section 9.</summary>
public class GradTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 4.1, 4.2
    public void Returns_in_order_and_touches_no_Grad()
    {
        Tensor a = Leaf(2), b = Leaf(3), h = a * b, y = h * h;
        Tensor?[] g = Autograd.Grad([y], [b, a, h]);
        Of(g[0]).ShouldBe([24]);
        Of(g[1]).ShouldBe([36]);
        Of(g[2]).ShouldBe([12]);
        a.Grad.ShouldBeNull();
    }

    [Fact] // 4.3, 4.4
    public void Unused_inputs()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        Should.Throw<AutogradException>(() => Autograd.Grad([a * 2.0], [b])).Message.ShouldContain("allowUnused");
        Autograd.Grad([a * 2.0], [a, b], allowUnused: true)[1].ShouldBeNull();
    }

    [Fact] // 4.5, 4.6, 4.7, 4.8, 4.9, 4.10
    public void Arguments_are_checked()
    {
        Tensor a = Leaf(2), two = Leaf(1, 2);
        Should.Throw<AutogradException>(() => Autograd.Grad([a * 2.0], [Tensor.Scalar(1)]));
        Should.Throw<AutogradException>(() => Autograd.Grad([Tensor.Scalar(1)], [a]));
        Should.Throw<ArgumentException>(() => Autograd.Grad([a * 2.0], []));
        Should.Throw<AutogradException>(() => Autograd.Grad([two * 2.0], [two]));
        Should.Throw<ShapeException>(() => Autograd.Grad([two * 2.0], [two], [Tensor.Ones([3], DType.Float64)]));
        Should.Throw<ArgumentException>(() => Autograd.Grad([two * 2.0, two], [two], [two.OnesLike()]));
    }

    [Fact] // 4.11, 4.12, 4.13
    public void Outputs_add_up_inputs_may_repeat_and_be_outputs()
    {
        Tensor x = Leaf(3);
        Of(Autograd.Grad([x * x, x * 2.0], [x])[0]).ShouldBe([8]);
        Of(Autograd.Grad([x], [x])[0]).ShouldBe([1]);
        Tensor y = x * x;
        Of(Autograd.Grad([y], [y], [Tensor.From([5.0])])[0]).ShouldBe([5]);
        Tensor?[] twice = Autograd.Grad([x * x], [x, x]);
        Of(twice[0]).ShouldBe(Of(twice[1]));
    }

    [Fact] // 4.15
    public void Frees_the_graph_unless_told()
    {
        Tensor x = Leaf(3), y = x * x;
        Autograd.Grad([y], [x], retainGraph: true);
        Autograd.Grad([y], [x]);
        Should.Throw<AutogradException>(() => Autograd.Grad([y], [x]));
    }

    [Fact] // 0.1: hooks run on inputs, as in 2.x
    public void Hooks_of_inputs_run_and_their_result_is_returned()
    {
        Tensor x = Leaf(3);
        x.RegisterHook(g => g * 10.0);
        Of(Autograd.Grad([x * x], [x])[0]).ShouldBe([60]);
    }

    [Fact] // 9.1
    public void Derivatives_of_a_power_to_the_fifth_order()
    {
        Tensor x = Leaf(2), y = x.Pow(4.0);
        foreach (double expected in (double[])[32, 48, 48, 24, 0])
        {
            y = Autograd.Grad([y], [x], createGraph: true)[0]!;
            y.Item<double>().ShouldBe(expected, 1e-9);
        }
    }

    [Fact] // 9.2
    public void Fourth_derivative_of_sine_is_sine()
    {
        Tensor x = Leaf(0.7), y = x.Sin();
        for (int i = 0; i < 4; i++) y = Autograd.Grad([y], [x], createGraph: true)[0]!;
        y.Item<double>().ShouldBe(Math.Sin(0.7), 1e-15);
    }

    [Fact] // 9.5
    public void Gradient_penalty()
    {
        Tensor w = Leaf(2), x = Leaf(3);
        Tensor g = Autograd.Grad([w * w * x], [x], createGraph: true)[0]!;
        (g * g).Backward();
        Of(w.Grad).ShouldBe([4 * 8.0]);
    }
}
