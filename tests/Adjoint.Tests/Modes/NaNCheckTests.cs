namespace Adjoint.Tests.Modes;

public class NaNCheckTests
{
    [Fact]
    public void The_operation_that_first_makes_a_NaN_is_named_with_the_place()
    {
        Tensor x = Tensor.From([4f, 1f, -1f, 9f], [2, 2]);
        using (Autograd.CheckNaN())
        {
            NaNException error = Should.Throw<NaNException>(() => (x.Sqrt() + 1).Log());
            error.Operation.ShouldBe("sqrt");
            error.Message.ShouldBe("sqrt: made the first NaN, at [1, 0] of its result of shape [2, 2], from Float32 [2, 2].");
        }
    }

    [Fact]
    public void A_NaN_of_the_backward_pass_is_found_where_it_is_made()
    {
        Tensor x = Tensor.From([0.0, 1.0], requiresGrad: true);
        Tensor y = x.Sqrt() * 0.0;
        using (Autograd.CheckNaN()) Should.Throw<NaNException>(() => y.Sum().Backward()).Operation.ShouldBe("sqrt_backward");
    }

    [Fact]
    public void An_operation_in_place_is_checked_too()
    {
        Tensor x = Tensor.From([-1.0]);
        using (Autograd.CheckNaN()) Should.Throw<NaNException>(() => x.LogInPlace()).Operation.ShouldBe("log_");
    }

    [Fact]
    public void A_NaN_that_was_given_is_passed_on_and_infinities_are_none()
    {
        Tensor x = Tensor.From([double.NaN, 0.0]);
        using (Autograd.CheckNaN())
        {
            (x + 1).Log().ToArray<double>()[0].ShouldBe(double.NaN);
            Tensor.Full([2], double.NaN).Exp().IsNaN().All().Item<bool>().ShouldBeTrue();
            Tensor.From([0.0]).Log().Item().ShouldBe(double.NegativeInfinity);
        }
    }
}
