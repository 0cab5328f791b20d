namespace Adjoint.Tests.Functional;

/// <summary>Forward mode by dual levels: behaviours of section 10.</summary>
public class ForwardADTests
{
    private static Tensor T(params double[] values) => Tensor.From(values);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 10.1, 10.2, 10.3, 10.10
    public void Duals_carry_tangents_until_the_level_ends()
    {
        Tensor x = T(2, 3), y;
        using (ForwardAD.EnterDualLevel())
        {
            y = ForwardAD.MakeDual(x, T(1, 10)).Square();
            (Tensor primal, Tensor? tangent) = ForwardAD.UnpackDual(y);
            Of(primal).ShouldBe([4, 9]);
            Of(tangent).ShouldBe([4, 60]);
            ForwardAD.UnpackDual(x).Tangent.ShouldBeNull();
        }
        ForwardAD.UnpackDual(y).Tangent.ShouldBeNull();
        using (ForwardAD.EnterDualLevel()) ForwardAD.UnpackDual(y).Tangent.ShouldBeNull();
    }

    [Fact] // 10.4, 10.6
    public void Levels_and_arguments_are_checked()
    {
        Should.Throw<AutogradException>(() => ForwardAD.MakeDual(T(1), T(1))).Message.ShouldContain("EnterDualLevel");
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Should.Throw<ShapeException>(() => ForwardAD.MakeDual(T(1, 2), T(1)));
        Should.Throw<DTypeException>(() => ForwardAD.MakeDual(Tensor.Zeros([1], DType.Int64), T(1)));
        Should.Throw<DTypeException>(() => ForwardAD.MakeDual(T(1), Tensor.Zeros([1], DType.Int64)));
    }

    [Fact] // 10.11
    public void NoGrad_does_not_stop_tangents_but_Detach_does()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(T(2), T(1));
        using (Autograd.NoGrad()) Of(ForwardAD.UnpackDual(x * x).Tangent).ShouldBe([4]);
        ForwardAD.UnpackDual(x.Detach() * 2.0).Tangent.ShouldBeNull();
    }

    [Fact] // 10.14, 10.22
    public void One_or_both_operands_dual_with_broadcasting()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(T(2, 3), T(1, 1)), y = ForwardAD.MakeDual(T(5, 7), T(10, 100));
        Of(ForwardAD.UnpackDual(x * y).Tangent).ShouldBe([25, 307]);
        Of(ForwardAD.UnpackDual(x * T(5, 7)).Tangent).ShouldBe([5, 7]);
        Tensor sum = x + Tensor.Zeros([3, 2], DType.Float64);
        ForwardAD.UnpackDual(sum).Tangent!.Shape.ShouldBe(Shape.Of(3, 2));
    }

    [Fact] // 10.17
    public void Forward_over_reverse_is_a_Hessian_vector_product()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor leaf = T(2, 3).RequiresGradInPlace();
        Tensor x = ForwardAD.MakeDual(leaf, T(1, 10));
        Tensor y = (x * x * x).Sum();
        Tensor g = Autograd.Grad([y], [leaf], createGraph: true)[0]!;
        Of(g.Detach()).ShouldBe([12, 27]);
        Of(ForwardAD.UnpackDual(g).Tangent!.Detach()).ShouldBe([12, 180]);
    }

    [Fact] // 10.18
    public void Reverse_over_forward()
    {
        Tensor x = T(3).RequiresGradInPlace(), t = T(5);
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor tangent = ForwardAD.UnpackDual(ForwardAD.MakeDual(x, t).Square()).Tangent!;
        Of(Autograd.Grad([tangent], [x])[0]).ShouldBe([10]);
    }

    [Fact]
    public void Perturbations_of_nested_levels_do_not_mix()
    {
        // d/dx (x · d/dy (x + y)) = 1, not 2: Siskind and Pearlmutter's example.
        (_, Tensor d) = Transforms.Jvp(x => x * Transforms.Jvp(y => x + y, T(1)).Jvp, T(1));
        Of(d).ShouldBe([1]);
    }

    [Fact]
    public void Levels_nest_to_the_fourth_derivative()
    {
        Func<Tensor, Tensor> f = x => x.Sin();
        for (int i = 0; i < 4; i++)
        {
            Func<Tensor, Tensor> inner = f;
            f = x => Transforms.Jvp(inner, x).Jvp;
        }
        f(T(0.7)).Item<double>().ShouldBe(Math.Sin(0.7), 1e-14);
    }

    [Fact]
    public void In_place_changes_carry_tangents()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(T(2), T(1)) * 1.0;
        x.MulInPlace(x.Clone());
        Of(ForwardAD.UnpackDual(x).Tangent).ShouldBe([4]);
    }

    private sealed class WithoutJvp : Function
    {
        protected override Tensor Forward(Tensor x) => x * 2.0;

        protected override Tensor? Backward(Tensor g) => g * 2.0;
    }

    [Fact] // 10.20
    public void A_missing_rule_is_an_error_that_names_the_operation()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(T(1), T(1));
        MissingRuleException error = Should.Throw<MissingRuleException>(() => new WithoutJvp().Apply(x));
        error.Message.ShouldContain(nameof(WithoutJvp));
        error.Message.ShouldContain("Jvp");
        new WithoutJvp().Apply(T(1)).Item<double>().ShouldBe(2);
    }

    [Fact] // 10.21
    public void Comparisons_and_indices_have_no_tangent()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        Tensor x = ForwardAD.MakeDual(T(1, 3), T(1, 1));
        foreach (Tensor y in (Tensor[])[x > 2.0, x.Eq(x), x.ArgMax(), x.To(DType.Int64)]) ForwardAD.UnpackDual(y).Tangent.ShouldBeNull();
    }

    [Fact] // 10.23, as PyTorch 2 prints them
    public void Printing_a_dual_shows_its_tangent()
    {
        using ForwardLevel level = ForwardAD.EnterDualLevel();
        ForwardAD.MakeDual(Tensor.From([1f, 2f]), Tensor.From([1f, 2f])).ToString().ShouldBe("tensor([1., 2.], tangent=tensor([1., 2.]))");
        ForwardAD.MakeDual(Tensor.Zeros([3, 2]), Tensor.Ones([3, 2])).ToString().ShouldBe(
            """
            tensor([[0., 0.],
                    [0., 0.],
                    [0., 0.]],
                   tangent=tensor([[1., 1.],
                    [1., 1.],
                    [1., 1.]]))
            """);
        Tensor dual = ForwardAD.MakeDual(T(1, 2).RequiresGradInPlace(), T(3, 4.5));
        dual.ToString().ShouldBe(
            """
            tensor([1., 2.], dtype=torch.float64, grad_fn=<ViewBackward0>,
                   tangent=tensor([3.0000, 4.5000], dtype=torch.float64))
            """);
    }

    [Fact] // 10.5: PyTorch refuses nested levels; here an inner tangent carries those of outer levels
    public void Nested_levels_are_left_in_order()
    {
        ForwardLevel outer = ForwardAD.EnterDualLevel(), inner = ForwardAD.EnterDualLevel();
        Should.Throw<AutogradException>(outer.Dispose).Message.ShouldContain("reverse order");
        inner.Dispose();
        outer.Dispose();
        Should.Throw<AutogradException>(() => ForwardAD.MakeDual(T(1), T(1)));
    }

    /// <summary>All but the conversion, which rounds the tangent to single precision and the Jacobian's ones not at all.</summary>
    public static TheoryData<string> Differentiable =>
        [.. OpTable.All.Where(op => op.Kind != OpKind.Zero && op.Name != "to").Select(op => op.Name)];

    [Theory, MemberData(nameof(Differentiable))] // 10.13
    public void The_tangent_is_the_jacobian_times_the_direction(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        Tensor[] x = [.. op.Inputs.Select((input, i) => input.Sample(seed: i))],
            t = [.. op.Inputs.Select((input, i) => input.Sample(seed: 7 + i))];
        (_, IReadOnlyList<Tensor> tangents) = Transforms.Jvp(xs => new[] { op.Apply(xs) }, x, t);
        IReadOnlyList<Tensor> jacobians = Transforms.Jacobian(xs => new[] { op.Apply(xs) }, x)[0];
        double[] expected = new double[tangents[0].NumEl];
        for (int i = 0; i < x.Length; i++)
        {
            double[] product = Of(jacobians[i].Reshape(expected.Length, x[i].NumEl).MatMul(t[i].Reshape(x[i].NumEl)));
            for (int e = 0; e < expected.Length; e++) expected[e] += product[e];
        }
        Of(tangents[0]).ShouldBe(expected, 1e-10 * (1 + expected.Max(Math.Abs)));
    }
}
