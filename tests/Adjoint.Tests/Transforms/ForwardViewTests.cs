namespace Adjoint.Tests.Functional;

/// <summary>
/// Tangents of views, of what they show, and of duals, while any of them is changed in place. See Note [Whose tangents a view shows].
/// </summary>
public class ForwardViewTests
{
    private static Tensor At() => Tensor.From([2.0, 3.0]);

    private static Tensor V() => Tensor.From([1.0, 10.0]);

    private static double[] Jvp(Func<Tensor, Tensor> f) => Transforms.Jvp(f, At(), V()).Jvp.ToArray<double>();

    private static double[] Tangent(Tensor y) => ForwardAD.UnpackDual(y).Tangent.ShouldNotBeNull().ToArray<double>();

    public static TheoryData<string> Looks => ["no grad", "grad disabled", "inference", "scope", "detach", "print"];

    private static void Look(string how, Tensor v)
    {
        switch (how)
        {
            case "no grad": using (Autograd.NoGrad()) _ = v.Square(); break;
            case "grad disabled": using (Autograd.SetGradEnabled(false)) _ = v.Exp(); break;
            case "inference": using (Autograd.InferenceMode()) _ = v * v; break;
            case "scope": using (Cpu.Memory.Scope()) _ = v.Square(); break;
            case "detach": _ = v.Detach().Square(); break;
            default: _ = v.ToString(); break;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public void It_does_not_matter_where_a_view_is_first_looked_at_after_a_change(string how)
    {
        Func<Tensor, Tensor> f = a =>
        {
            Tensor b = a * 1.0, v = b[0];
            b.MulInPlace(a);
            Look(how, v);
            return v * a[0]; // a³
        };
        Jvp(f).ShouldBe([12]);
        Transforms.Jvp(c => Transforms.Jvp(f, c, V()).Jvp, At(), V()).Jvp.ToArray<double>().ShouldBe([12]);
        Transforms.Vjp(c => Transforms.Jvp(f, c, V(), createGraph: true).Jvp, At()).Vjp.ToArray<double>().ShouldBe([12, 0]);
        Transforms.Hvp(f, At(), V()).Hvp.ToArray<double>().ShouldBe([12, 0]);
    }

    [Fact]
    public void A_function_may_change_its_argument_through_any_view_of_it()
    {
        Jvp(a => { Tensor v = a[0]; a.MulInPlace(2.0); return v * 1.0; }).ShouldBe([2]);
        Jvp(a => { Tensor v = a[0]; v.MulInPlace(2.0); return a * 1.0; }).ShouldBe([2, 10]);
        Jvp(a => { Tensor v = a[0]; a[0].MulInPlace(2.0); return v * 1.0; }).ShouldBe([2]);
        Jvp(a => { Tensor v = a[0]; a[1].MulInPlace(v); return a * 1.0; }).ShouldBe([1, 23]);
    }

    [Fact]
    public void Each_level_has_tangents_of_its_own()
    {
        // Two levels of one function that changes its argument: x ↦ x⁴ has the second derivative 12 x².
        Tensor twice = Transforms.Jvp(
            a => Transforms.Jvp(c => { Tensor v = c[0]; c.SquareInPlace(); return v.Square(); }, a, V()).Jvp, At(), V()).Jvp;
        twice.Item<double>().ShouldBe(48);
        // What a rule saves of its result has tangents, too: tanh″ = −2 tanh (1 − tanh²).
        double y = Math.Tanh(2);
        Transforms.Jvp(a => Transforms.Jvp(c => { Tensor b = c * 1.0; return b[0].TanhInPlace(); }, a, V()).Jvp, At(), V()).Jvp
            .Item<double>().ShouldBe(-2 * y * (1 - y * y), 1e-15);
        // Inside, the argument is a view of b; b has tangents of the outer level only.
        Tensor inner = null!;
        Jvp(a =>
        {
            Tensor b = a * 1.0;
            inner = Transforms.Jvp(c => { c.MulInPlace(3.0); return c * 1.0; }, b, V()).Jvp;
            return b * 1.0;
        }).ShouldBe([3, 30]);
        inner.ToArray<double>().ShouldBe([3, 30]);
    }

    [Fact]
    public void A_level_that_has_ended_is_nobodys_business()
    {
        Tensor b;
        using (ForwardAD.EnterDualLevel()) b = ForwardAD.MakeDual(At(), V()) * 1.0;
        using (ForwardAD.EnterDualLevel())
        {
            Tensor d = ForwardAD.MakeDual(b, V());
            d.MulInPlace(3.0);
            Tangent(d).ShouldBe([3, 30]);
            ForwardAD.UnpackDual(b).Tangent.ShouldBeNull();
        }
    }

    [Fact]
    public void A_primal_stays_without_a_tangent()
    {
        using ForwardLevel _ = ForwardAD.EnterDualLevel();
        Tensor b = ForwardAD.MakeDual(At(), V()) * 1.0, primal = ForwardAD.UnpackDual(b).Primal;
        b.MulInPlace(2.0);
        ForwardAD.UnpackDual(primal).Tangent.ShouldBeNull();
        primal.ToArray<double>().ShouldBe([4, 6]);
        Tangent(b).ShouldBe([2, 20]);
    }

    [Fact]
    public void A_change_inside_NoGrad_leaves_the_tangents_of_a_transform_and_not_those_of_a_level_by_hand()
    {
        Func<Tensor, Tensor> f = a =>
        {
            Tensor b = a * 1.0;
            using (Autograd.NoGrad()) b[0].MulInPlace(2.0);
            return b * 1.0;
        };
        Jvp(f).ShouldBe([1, 10]);
        Transforms.Vjp(f, At(), Tensor.From([1.0, 1.0])).Vjp.ToArray<double>().ShouldBe([1, 1]);
        using ForwardLevel _ = ForwardAD.EnterDualLevel();
        Tangent(f(ForwardAD.MakeDual(At(), V()))).ShouldBe([2, 10]);
    }
}
