namespace Adjoint.Tests.Differentiation;

/// <summary>Who holds a gradient, what is added where, and what a later pass may still change. Numbers from PyTorch.</summary>
public class GradientOwnershipTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.Detach().ToArray<double>();

    [Fact]
    public void A_plain_pass_adds_to_the_same_tensor_and_a_recorded_one_makes_a_new_one()
    {
        Tensor x = Leaf(2);
        (x * x).Backward();
        Tensor first = x.Grad!;
        (x * x).Backward();
        x.Grad.ShouldBeSameAs(first);
        Of(first).ShouldBe([8]);
        (x * x * x).Backward(createGraph: true);
        x.Grad.ShouldNotBeSameAs(first);
        x.Grad!.RequiresGrad.ShouldBeTrue();
        Of(x.Grad).ShouldBe([20]);
        Of(first).ShouldBe([8]);
    }

    [Fact]
    public void An_assigned_gradient_is_added_to_in_place()
    {
        Tensor x = Leaf(1), g = Tensor.From([1.0]);
        x.Grad = g;
        (x * 2.0).Backward();
        x.Grad.ShouldBeSameAs(g);
        Of(g).ShouldBe([3]);
    }

    [Fact]
    public void The_gradient_given_to_Backward_stays_the_users()
    {
        Tensor x = Leaf(1, 2), g = Tensor.Ones([2], DType.Float64);
        x.Backward(g);
        x.Grad!.SharesStorageWith(g).ShouldBeFalse();
        g.FillInPlace(5);
        Of(x.Grad).ShouldBe([1, 1]);
    }

    [Fact]
    public void The_gradient_of_a_transposed_leaf_lies_as_the_leaf_does_and_is_nobody_elses()
    {
        Tensor x = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).T.Detach().RequiresGradInPlace();
        Tensor g = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).T;
        x.Square().Backward(g);
        x.Grad!.Strides.ToArray().ShouldBe([1, 3]);
        Of(x.Grad).ShouldBe([2, 32, 8, 50, 18, 72]);
        Tensor first = x.Grad;
        x.Square().Backward(g);
        x.Grad.ShouldBeSameAs(first);
        Of(first).ShouldBe([4, 64, 16, 100, 36, 144]);

        x.Grad = null;
        (x + 1.0).Backward(g);
        x.Grad!.Strides.ToArray().ShouldBe([1, 3]);
        x.Grad.SharesStorageWith(g).ShouldBeFalse();
        x.Grad.FillInPlace(0);
        Of(g).ShouldBe([1, 4, 2, 5, 3, 6]);

        // Places that are one in memory need a gradient each.
        Tensor expanded = Tensor.Ones([1], DType.Float64).Expand(3).Detach().RequiresGradInPlace();
        expanded.Backward(Tensor.From([1.0, 2, 3]));
        Of(expanded.Grad).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Leaves_never_share_a_gradient()
    {
        Tensor a = Leaf(1), b = Leaf(2), c = Leaf(3, 4);
        (a + b + c.View(2, 1).Sum()).Sum().Backward();
        a.Grad!.AddInPlace(5.0);
        Of(b.Grad).ShouldBe([1]);
        Of(c.Grad).ShouldBe([1, 1]);
    }

    [Fact]
    public void A_leaf_that_no_longer_requires_grad_gets_none()
    {
        Tensor x = Leaf(3), w = Leaf(2), y = x * w;
        x.RequiresGradInPlace(false);
        y.Backward();
        x.Grad.ShouldBeNull();
        Of(w.Grad).ShouldBe([3]);
    }

    [Fact]
    public void A_kept_gradient_can_be_differentiated()
    {
        Tensor x = Leaf(2), y = x * x;
        y.RetainGrad();
        (y * y * y).Backward(createGraph: true);
        Of(y.Grad).ShouldBe([48]);
        Of(x.Grad).ShouldBe([192]);
        Of(Autograd.Grad(y.Grad!, x)).ShouldBe([96]);
    }

    [Fact]
    public void A_hook_with_a_recorded_factor_gives_a_plain_gradient_in_a_plain_pass()
    {
        Tensor x = Leaf(2), w = Leaf(3), y = x * x;
        y.RegisterHook(g => g * w);
        y.Backward();
        Of(x.Grad).ShouldBe([12]);
        x.Grad!.RequiresGrad.ShouldBeFalse();
    }

    [Fact] // 0.1, 0.2
    public void A_kept_or_captured_gradient_is_what_the_hooks_made_of_it()
    {
        Tensor x = Leaf(3), y = x * 2.0;
        y.RetainGrad();
        y.RegisterHook(g => g * 7.0);
        y.Backward();
        Of(y.Grad).ShouldBe([7]);
        Tensor v = Leaf(2), square = v * v;
        square.RegisterHook(g => g * 10.0);
        Tensor?[] both = Autograd.Grad([square * square], [square, v]);
        Of(both[0]).ShouldBe([80]);
        Of(both[1]).ShouldBe([320]);
    }

    [Fact]
    public void A_leaf_changed_under_NoGrad_matters_only_to_who_saved_it()
    {
        Tensor x = Leaf(3), sum = x + 1.0, square = x * x;
        using (Autograd.NoGrad()) x.MulInPlace(2.0);
        sum.Backward();
        Of(x.Grad).ShouldBe([1]);
        Should.Throw<VersionException>(() => square.Backward());
    }

    [Fact]
    public void A_gradient_set_to_zero_between_passes_starts_again()
    {
        Tensor x = Leaf(3), y = x * x;
        y.Backward(retainGraph: true);
        x.Grad!.ZeroInPlace();
        y.Backward();
        Of(x.Grad).ShouldBe([6]);
    }

    [Fact]
    public void Results_saved_for_the_gradient_are_watched_and_results_of_in_place_operations_are_not()
    {
        Tensor x = Leaf(-1, 2), y = x.Exp();
        y.MulInPlace(2.0);
        Should.Throw<VersionException>(() => y.Sum().Backward());
        Tensor z = (x * 1.0).ReluInPlace();
        Of(Autograd.Grad((z * z).Sum(), x)).ShouldBe([0, 4]);
    }

    [Fact]
    public void One_of_several_outputs_changed_in_place()
    {
        Tensor x = Leaf(3, 1, 2);
        (Tensor values, _) = x.Sort();
        values.MulInPlace(2.0);
        values.GradFn!.Name.ShouldBe("MulBackward0");
        values.OutputNr.ShouldBe(0);
        Of(Autograd.Grad((values * Tensor.From([1.0, 10, 100])).Sum(), x)).ShouldBe([200, 2, 20]);
    }

    [Fact]
    public void A_clone_of_a_view_keeps_what_the_view_was()
    {
        Tensor x = Leaf(1, 2, 3), b = x * 1.0, v = b[1..], c = v.Clone();
        v.ZeroInPlace();
        Of(Autograd.Grad((c * c).Sum() + b.Sum(), x)).ShouldBe([1, 4, 6]);
    }

    [Fact]
    public void Third_derivatives_go_through_a_changed_view()
    {
        Tensor x = Leaf(2, 3), y = x.Clone();
        y[0..1].MulInPlace(x[1..2]);
        Tensor g = Autograd.Grad(y.Pow(3).Sum(), x, createGraph: true), h = Autograd.Grad(g.Sum(), x, createGraph: true);
        Of(g).ShouldBe([324, 243]);
        Of(h).ShouldBe([648, 486]);
        Of(Autograd.Grad(h.Sum(), x)).ShouldBe([1026, 810]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Second_derivatives_see_the_history_of_values_that_were_overwritten(bool inPlace)
    {
        Tensor x = Leaf(2), w = Leaf(3), y = x * x;
        y = inPlace ? y.MulInPlace(w) : y * w;
        y = inPlace ? y.SquareInPlace() : y.Square();
        Tensor g = Autograd.Grad(y, w, createGraph: true);
        Of(g).ShouldBe([96]);
        Of(Autograd.Grad(g, x)).ShouldBe([192]);
    }

    [Fact]
    public void An_operand_in_the_changed_memory_has_its_gradient()
    {
        Tensor x = Leaf(2, 3, 5), weights = Tensor.From([1.0, 10, 100]);
        Tensor b = x * 1.0;
        b[..1].MulInPlace(b[1..2]);
        Of(Autograd.Grad((b * weights).Sum(), x)).ShouldBe([3, 12, 100]);

        // Overlapping, which PyTorch refuses: the old values are read, as if they had been copied first.
        Tensor c = x * 1.0, tail = c[..2];
        c[1..].AddInPlace(tail);
        Of(c).ShouldBe([2, 5, 8]);
        Of(Autograd.Grad((c * weights).Sum() + tail.Sum(), x)).ShouldBe([13, 111, 100]);

        Tensor d = x * 1.0;
        d.MulInPlace(d);
        Of(Autograd.Grad(d.Sum(), x)).ShouldBe([4, 6, 10]);

        Tensor e = x * 1.0;
        e[1..].CopyInPlace(e[..2]);
        Of(e).ShouldBe([2, 2, 3]);
        Of(Autograd.Grad((e * weights).Sum(), x)).ShouldBe([11, 100, 0]);
    }

    [Fact]
    public void Hooks_on_one_output_of_a_split_and_on_an_expanded_scalar()
    {
        Tensor x = Leaf(1, 2, 3);
        IReadOnlyList<Tensor> parts = [x[..1], x[1..]];
        parts[1].RegisterHook(g => g * 2.0);
        (parts[0].Sum() + parts[1].Sum() * 3.0).Backward();
        Of(x.Grad).ShouldBe([1, 6, 6]);
        Tensor s = Tensor.Scalar(2.0, DType.Float64, requiresGrad: true), e = s.Expand(3);
        e.RetainGrad();
        (e * Tensor.From([1.0, 2, 3])).Sum().Backward();
        Of(s.Grad).ShouldBe([6]);
        Of(e.Grad).ShouldBe([1, 2, 3]);
    }
}
