namespace Adjoint.Tests.Functional;

/// <summary>Jacobians, Hessians and products with vectors: behaviours of section 9.</summary>
public class FunctionalTests
{
    private static Tensor T(params double[] values) => Tensor.From(values);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    private static Tensor Polynomial(Tensor v) => v.Select(0, 0) * v.Select(0, 0) * v.Select(0, 1);

    [Fact]
    public void Value_and_gradient()
    {
        (Tensor value, Tensor gradient) = Transforms.ValueAndGrad(Polynomial, T(3, 5));
        value.Item<double>().ShouldBe(45);
        Of(gradient).ShouldBe([30, 9]);
        gradient.RequiresGrad.ShouldBeFalse();
    }

    [Theory] // 9.7, 9.22
    [InlineData(DerivativeMode.Forward)]
    [InlineData(DerivativeMode.Reverse)]
    public void Jacobian_has_the_shape_of_the_result_then_the_argument(DerivativeMode mode)
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], [2, 2]);
        Tensor j = Transforms.Jacobian(m => m.Square().Sum(0, keepDim: false), x, mode);
        j.Shape.ShouldBe(Shape.Of(2, 2, 2));
        Of(j).ShouldBe([2, 0, 6, 0, 0, 4, 0, 8]);
        Transforms.Jacobian(s => s * s, Tensor.Scalar(3, DType.Float64), mode).NDim.ShouldBe(0);
    }

    [Fact]
    public void The_cheaper_mode_is_chosen_and_passes_are_counted()
    {
        JacobianReport wide = Transforms.JacobianWithReport(x => x.Sum(), Tensor.Ones([5], DType.Float64));
        (wide.Mode, wide.Passes).ShouldBe((DerivativeMode.Reverse, 1));
        JacobianReport tall = Transforms.JacobianWithReport(x => x.Expand(7) * 2.0, T(1));
        (tall.Mode, tall.Passes).ShouldBe((DerivativeMode.Forward, 1));
    }

    [Fact] // 9.8, 9.9
    public void Several_inputs_and_outputs()
    {
        Tensor a = T(2).RequiresGradInPlace(), b = T(3);
        IReadOnlyList<IReadOnlyList<Tensor>> j = Transforms.Jacobian(xs => new[] { xs[0] * xs[1], xs[0] + xs[1] }, new[] { a, b });
        Of(j[0][0]).ShouldBe([3]);
        Of(j[0][1]).ShouldBe([2]);
        Of(j[1][1]).ShouldBe([1]);
        a.Grad.ShouldBeNull();
        j[0][0].RequiresGrad.ShouldBeFalse();
    }

    [Fact] // 9.9
    public void CreateGraph_makes_results_differentiable()
    {
        Tensor x = T(2).RequiresGradInPlace();
        Tensor j = Transforms.Jacobian(t => t * t * t, x, createGraph: true);
        Of(Autograd.Grad([j.Sum()], [x])[0]).ShouldBe([12]);
    }

    [Fact] // 9.4, 9.13, 9.17
    public void Hessians_are_symmetric_and_agree_with_products()
    {
        Tensor x = T(3, 5), v = T(1, 2);
        Tensor h = Transforms.Hessian(Polynomial, x);
        Of(h).ShouldBe([10, 6, 6, 0]);
        Of(Transforms.Hvp(Polynomial, x, v).Hvp).ShouldBe([22, 6]);
        Of(Transforms.Vhp(Polynomial, x, v).Vhp).ShouldBe([22, 6]);
        Should.Throw<AutogradException>(() => Transforms.Hessian(t => t * 2.0, x)).Message.ShouldContain("one number");
        Transforms.Laplacian(Polynomial, x).Item<double>().ShouldBe(10);
        Transforms.Divergence(t => t * t, x).Item<double>().ShouldBe(16);
    }

    [Fact] // 9.14, 9.15, 9.16
    public void Products_with_vectors()
    {
        Tensor x = T(3, 5);
        Of(Transforms.Vjp(t => t * t, x, T(1, 10)).Vjp).ShouldBe([6, 100]);
        Of(Transforms.Jvp(t => t * t, x, T(1, 10)).Jvp).ShouldBe([6, 100]);
        Should.Throw<AutogradException>(() => Transforms.Vjp(t => t * t, x));
        Should.Throw<ShapeException>(() => Transforms.Vjp(t => t * t, x, T(1)));
    }

    [Fact] // 9.10, 9.11
    public void Independence_gives_zeros_or_an_error_in_strict_mode()
    {
        Tensor x = T(1, 2), constant = T(5);
        Of(Transforms.Jacobian(_ => constant, x)).ShouldBe([0, 0]);
        Should.Throw<AutogradException>(() => Transforms.Jacobian(_ => constant, x, DerivativeMode.Reverse, strict: true));
    }

    [Fact]
    public void Third_order_by_mixed_modes()
    {
        Tensor x = T(0.4);
        Func<Tensor, Tensor> first = t => Transforms.Jvp(u => u.Exp().Sin(), t).Jvp;
        Tensor h = Transforms.Hessian(t => first(t).Sum(), x);
        double e = Math.Exp(0.4), s = Math.Sin(e), c = Math.Cos(e);
        h.Item<double>().ShouldBe(e * c - 3 * e * e * s - e * e * e * c, 1e-12);
    }

    [Fact] // 9.1
    public void Repeated_gradients_end_where_nothing_depends_on_x_any_more()
    {
        Tensor x = T(2).RequiresGradInPlace(), y = x.Pow(4).Sum();
        double[] expected = [32, 48, 48, 24, 0];
        foreach (double derivative in expected)
        {
            y = Autograd.Grad([y], [x], createGraph: true)[0]!;
            Of(y.Detach()).ShouldBe([derivative], 1e-12);
        }
        y.RequiresGrad.ShouldBeFalse();
        Should.Throw<AutogradException>(() => Autograd.Grad([y], [x])).Message.ShouldContain("require");
    }

    [Fact] // 9.2
    public void The_fourth_derivative_of_the_sine_is_the_sine()
    {
        Tensor x = T(0.3, 1.7).RequiresGradInPlace(), y = x.Sin();
        for (int i = 0; i < 4; i++) y = Autograd.Grad([y.Sum()], [x], createGraph: true)[0]!;
        Of(y.Detach()).ShouldBe([Math.Sin(0.3), Math.Sin(1.7)], 1e-14);
    }

    [Fact] // 9.3, 9.4
    public void A_Hessian_vector_product_by_hand_equals_Hvp()
    {
        Tensor x = T(3, 5).RequiresGradInPlace(), v = T(1, 2);
        Tensor g = Autograd.Grad([Polynomial(x)], [x], createGraph: true)[0]!;
        Of(Autograd.Grad([(g * v).Sum()], [x])[0]).ShouldBe(Of(Transforms.Hvp(Polynomial, x, v).Hvp));
        double[] h = Of(Transforms.Hessian(Polynomial, x));
        h.ShouldBe([10, 6, 6, 0]);
    }

    [Fact] // 9.5
    public void A_gradient_penalty_reaches_the_parameters()
    {
        Tensor w = T(2, -1).RequiresGradInPlace(), x = T(0.5, 3).RequiresGradInPlace();
        Tensor g = Autograd.Grad([(w * x * x).Sum()], [x], createGraph: true)[0]!;      // 2wx
        (g * g).Sum().Backward();                                                       // Σ4w²x²
        Of(w.Grad).ShouldBe([8 * 2 * 0.25, 8 * -1 * 9.0], 1e-12);
        Of(x.Grad).ShouldBe([8 * 4 * 0.5, 8 * 1 * 3.0], 1e-12);
    }

    [Theory, InlineData(DerivativeMode.Forward), InlineData(DerivativeMode.Reverse)] // 9.22
    public void A_jacobian_of_a_matrix_has_all_its_dimensions(DerivativeMode mode)
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], [2, 2]);
        JacobianReport report = Transforms.JacobianWithReport(m => Tensor.Cat([m.View(4).Narrow(0, 0, 2), m.Sum().View(1)]), x, mode);
        report.Matrix.Shape.ShouldBe(Shape.Of(3, 2, 2));
        Of(report.Matrix).ShouldBe([1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1]);
        report.Passes.ShouldBe(mode == DerivativeMode.Forward ? 4 : 3);
    }

    [Fact] // 9.9, 9.11
    public void Results_and_arguments_stay_clean_and_strict_mode_names_the_argument()
    {
        Tensor x = T(1, 2).RequiresGradInPlace();
        foreach (Tensor result in (Tensor[])[Transforms.Hessian(Polynomial, x), Transforms.Vjp(t => t * t, x, T(1, 1)).Vjp,
            Transforms.Jvp(t => t * t, x, T(1, 1)).Jvp, Transforms.Hvp(Polynomial, x, T(1, 1)).Hvp,
            Transforms.Vhp(Polynomial, x, T(1, 1)).Vhp])
            result.RequiresGrad.ShouldBeFalse();
        x.Grad.ShouldBeNull();
        Should.Throw<AutogradException>(() => Transforms.Jacobian(xs => new[] { xs[0] * 2.0 }, new[] { x, T(3) }, strict: true))
            .Message.ShouldContain("argument 1");
    }

    [Theory] // every nesting of the two modes, to the fourth order
    [InlineData("FFFF"), InlineData("RRRR"), InlineData("FRFR"), InlineData("RFRF"), InlineData("FFRR"), InlineData("RRFF")]
    public void Mixed_modes_of_any_order_agree_with_the_closed_form(string modes)
    {
        Func<Tensor, Tensor> f = t => t.Exp() * t.Sin();
        double at = 0.4, e = Math.Exp(at), s = Math.Sin(at), c = Math.Cos(at);
        double[] closed = [e * (s + c), 2 * e * c, 2 * e * (c - s), -4 * e * s];
        for (int order = 0; order < modes.Length; order++)
        {
            Func<Tensor, Tensor> inner = f;
            f = modes[order] == 'F' ? t => Transforms.Jvp(inner, t).Jvp : t => Transforms.Vjp(inner, t).Vjp;
            f(T(at)).Item<double>().ShouldBe(closed[order], 1e-12, modes[..(order + 1)]);
        }
    }
}
