namespace Adjoint.Tests.Functional;

public class ErrorCurveTests
{
    [Theory]
    [InlineData(NumericMethod.Forward, 1, 1e-8)]
    [InlineData(NumericMethod.Central, 2, 6e-6)]
    public void Truncation_falls_and_rounding_rises_as_predicted(NumericMethod method, double order, double best)
    {
        ErrorCurve curve = ErrorCurve.Of(new Wave(), 1.1, method);
        curve.Exact.ShouldBe(Math.Exp(1.1) * (Math.Sin(1.1) + Math.Cos(1.1)), 1e-14);
        curve.TruncationOrder.ShouldBe(order, 0.05);
        curve.RoundingOrder.ShouldBe(-1, 0.25);
        curve.Best.Step.ShouldBeInRange(best / 30, best * 30);
        foreach (ErrorPoint point in curve.Points.Where(point => point.Step <= 0.01))
            point.Error.ShouldBeLessThan(2 * point.Truncation + 4 * point.Rounding, $"h = {point.Step}");
        curve.Points.Count.ShouldBe(61);
    }

    [Fact]
    public void A_method_without_a_step_has_no_curve() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ErrorCurve.Of(new Wave(), 1, NumericMethod.Ridders)).Message.ShouldContain(
            "forward and central");

    private readonly struct Wave : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => x.Exp() * x.Sin();
    }
}
