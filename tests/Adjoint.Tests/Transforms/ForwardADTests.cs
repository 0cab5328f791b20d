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
}
