namespace Adjoint.Tests.Differentiation;

/// <summary>Functions of one's own: behaviours of section 8.</summary>
public class FunctionTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    private sealed class Cube : Function
    {
        internal bool SawGradMode;

        protected override Tensor Forward(Tensor x)
        {
            SawGradMode = Autograd.IsGradEnabled;
            Save(x);
            return x * x * x;
        }

        protected override Tensor? Backward(Tensor g) => 3.0 * Saved(0)! * Saved(0)! * g;

        protected override IReadOnlyList<Tensor?> Jvp(IReadOnlyList<Tensor?> tangents) => [3.0 * Saved(0)! * Saved(0)! * tangents[0]!];
    }

    private sealed class Returns(Func<Tensor, Tensor?[]> rule) : Function
    {
        protected override Tensor Forward(Tensor x) => x * 2.0;

        protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gradients) => rule(gradients[0]!);
    }

    [Fact] // 6.13, 8.1, 8.2, 8.32
    public void Named_after_its_class_and_not_recorded_inside()
    {
        Tensor x = Leaf(2);
        var cube = new Cube();
        Tensor y = cube.Apply(x);
        y.GradFn!.Name.ShouldBe("CubeBackward");
        cube.SawGradMode.ShouldBeFalse();
        Tensor g = Autograd.Grad([y], [x], createGraph: true)[0]!;
        Of(g.Detach()).ShouldBe([12]);
        Of(Autograd.Grad([g], [x])[0]).ShouldBe([12]);
        new Cube().Apply(Tensor.From([1.0])).RequiresGrad.ShouldBeFalse();
        using (Autograd.NoGrad()) new Cube().Apply(x).RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void One_object_serves_one_call()
    {
        var cube = new Cube();
        cube.Apply(Leaf(1));
        Should.Throw<AutogradException>(() => cube.Apply(Leaf(1))).Message.ShouldContain("new Cube");
    }

    [Fact] // 8.4, 8.5, 8.6, 8.8
    public void What_Backward_returns_is_checked_and_fitted()
    {
        Tensor x = Leaf(1, 2);
        new Returns(g => [g, null, null]).Apply(x).Sum().Backward();
        Should.Throw<AutogradException>(() => new Returns(_ => []).Apply(x).Sum().Backward()).Message.ShouldContain("1 inputs");
        Should.Throw<AutogradException>(() => new Returns(g => [g, g]).Apply(x).Sum().Backward());
        Should.Throw<ShapeException>(() => new Returns(_ => [Tensor.Ones([3], DType.Float64)]).Apply(x).Sum().Backward());
        x.Grad = null;
        new Returns(g => [g.To(DType.Float32)]).Apply(x).Sum().Backward();
        x.Grad!.DType.ShouldBe(DType.Float64);
    }

    [Fact] // 8.10
    public void Null_gradient_means_none()
    {
        Tensor x = Leaf(1);
        new Returns(_ => [null]).Apply(x).Backward();
        x.Grad.ShouldBeNull();
        Autograd.Grad([new Returns(_ => [null]).Apply(x)], [x], allowUnused: true)[0].ShouldBeNull();
    }

    [Fact] // 8.14, 8.15
    public void Saved_tensors_are_checked_and_freed()
    {
        Tensor x = Leaf(2), h = x * 1.0, y = new Cube().Apply(h);
        h.AddInPlace(1.0);
        Should.Throw<VersionException>(() => y.Backward());
        Tensor z = new Cube().Apply(x);
        z.Backward();
        Should.Throw<AutogradException>(() => z.Backward()).Message.ShouldContain("retainGraph");
    }

    private sealed class SumAndDifference(bool materialize) : Function
    {
        internal bool SecondWasNull;

        protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> xs)
        {
            MaterializeGrads = materialize;
            NeedsInputGrad.ShouldBe([true, false]);
            return [xs[0] + xs[1], xs[0] - xs[1]];
        }

        protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gs)
        {
            SecondWasNull = gs[1] is null;
            return [gs[1] is { } g ? gs[0]! + g : gs[0], null];
        }
    }

    [Theory] // 8.17, 8.19, 8.20
    [InlineData(true)]
    [InlineData(false)]
    public void Unused_outputs_arrive_as_zeros_or_null(bool materialize)
    {
        Tensor a = Leaf(1), b = Tensor.From([2.0]);
        var f = new SumAndDifference(materialize);
        f.Apply(a, b)[0].Backward();
        f.SecondWasNull.ShouldBe(!materialize);
        Of(a.Grad).ShouldBe([1]);
    }

    private sealed class Sorted : Function
    {
        protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> xs)
        {
            Tensor copy = xs[0] * 2.0, other = xs[0] * 3.0, whole = xs[0].To(DType.Int64);
            MarkNonDifferentiable(other);
            return [copy, other, whole];
        }

        protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gs)
        {
            gs[1]!.ToArray<double>().ShouldBe([0]);
            return [gs[0]! * 2.0];
        }
    }

    [Fact] // 8.22, 8.23
    public void Non_differentiable_outputs()
    {
        Tensor x = Leaf(1);
        IReadOnlyList<Tensor> ys = new Sorted().Apply([x]);
        ys[0].RequiresGrad.ShouldBeTrue();
        ys[1].RequiresGrad.ShouldBeFalse();
        ys[2].RequiresGrad.ShouldBeFalse();
        ys[0].Backward();
        Of(x.Grad).ShouldBe([2]);
    }

    private sealed class DoubleInPlace(bool giveBack) : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            x.MulInPlace(2.0);
            MarkDirty(x);
            return giveBack ? x : x.Clone();
        }

        protected override Tensor? Backward(Tensor g) => g * 2.0;
    }

    [Fact] // 8.24, 8.25, 8.26
    public void Dirty_inputs_are_outputs()
    {
        Tensor x = Leaf(3), h = x * 1.0;
        Tensor y = new DoubleInPlace(giveBack: true).Apply(h);
        y.ShouldBeSameAs(h);
        y.GradFn!.Name.ShouldBe("DoubleInPlaceBackward");
        y.Version.ShouldBe(2);
        y.Backward();
        Of(x.Grad).ShouldBe([2]);
        Should.Throw<AutogradException>(() => new DoubleInPlace(giveBack: false).Apply(x * 1.0)).Message.ShouldContain("dirty");
        Should.Throw<AutogradException>(() => new DoubleInPlace(giveBack: true).Apply(Leaf(1))).Message.ShouldContain("leaf");
    }

    private sealed class GivesView : Function
    {
        protected override Tensor Forward(Tensor x) => x.View(x.NumEl);

        protected override Tensor? Backward(Tensor g) => g;
    }

    [Fact] // 8.29
    public void A_returned_view_cannot_change() =>
        Should.Throw<AutogradException>(() => new GivesView().Apply(Leaf(1, 2) * 1.0).AddInPlace(1.0)).Message.ShouldContain(
            "custom function");

    private sealed class Nothing : Function;

    private sealed class ForwardOnly : Function
    {
        protected override Tensor Forward(Tensor x) => x * 1.0;
    }

    [Fact] // 1.49, 8.31, 10.20
    public void Missing_rules_are_named()
    {
        Should.Throw<AutogradException>(() => new Nothing().Apply(Leaf(1))).Message.ShouldContain("Forward");
        Tensor y = new ForwardOnly().Apply(Leaf(1));
        y.RequiresGrad.ShouldBeTrue();
        Should.Throw<MissingRuleException>(() => y.Backward()).Message.ShouldContain("ForwardOnly");
        Should.Throw<MissingRuleException>(() => Transforms.Jvp(x => new ForwardOnly().Apply(x), Tensor.From([1.0]))).Message.ShouldContain(
            "Jvp");
    }

    private sealed class Once : Function
    {
        protected internal override bool IsOnceDifferentiable => true;

        protected override Tensor Forward(Tensor x)
        {
            Save(x);
            return x * x;
        }

        protected override Tensor? Backward(Tensor g) => 2.0 * Saved(0)! * g;
    }

    [Fact] // 8.33
    public void Once_differentiable_is_an_error_the_second_time()
    {
        Tensor x = Leaf(3), y = new Once().Apply(x);
        Tensor seed = Leaf(1);
        Tensor g = Autograd.Grad([y], [x], [seed], createGraph: true)[0]!;
        Of(g.Detach()).ShouldBe([6]);
        Should.Throw<AutogradException>(() => g.Backward()).Message.ShouldContain("once differentiable");
    }

    private sealed class SavesOutput : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            Tensor y = x.Exp();
            Save(y);
            return y;
        }

        protected override Tensor? Backward(Tensor g) => g * Saved(0)!;
    }

    [Fact] // 8.34
    public void A_saved_output_is_differentiable_again()
    {
        Tensor x = Leaf(1), y = new SavesOutput().Apply(x);
        Tensor g = Autograd.Grad([y], [x], createGraph: true)[0]!;
        Of(Autograd.Grad([g], [x])[0])[0].ShouldBe(Math.E, 1e-15);
    }

    private sealed class Scaled(double factor) : Function
    {
        internal bool InputRequiredGrad;

        protected override Tensor Forward(Tensor x)
        {
            InputRequiredGrad = x.RequiresGrad;
            Save(null, x);
            return x * x * factor;
        }

        protected override Tensor? Backward(Tensor g)
        {
            Saved(0).ShouldBeNull();
            return 2 * factor * Saved(1)! * g;
        }
    }

    [Fact] // 8.3, 8.11
    public void Inputs_keep_their_flag_numbers_are_fields_and_null_may_be_saved()
    {
        Tensor x = Leaf(3);
        var f = new Scaled(0.5);
        f.Apply(x).Backward();
        f.InputRequiredGrad.ShouldBeTrue();
        Of(x.Grad).ShouldBe([3]);
    }
}
