using Adjoint.Plots;

namespace Adjoint.Tests.Plots;

public class AxisScaleTests
{
    [Theory]
    [InlineData(0.0, 1.0, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.916, 0.986, new[] { 0.9, 0.92, 0.94, 0.96, 0.98, 1 })]
    [InlineData(-3.0, 42.0, new[] { -10.0, 0, 10, 20, 30, 40, 50 })]
    public void Linear_ticks_are_round_and_hold_the_values(double low, double high, double[] ticks) =>
        AxisScale.Linear(low, high).Ticks.ShouldBe(ticks, 1e-12);

    [Fact]
    public void An_exact_axis_ends_at_its_values()
    {
        AxisScale scale = AxisScale.Linear(0, 5, ticks: 8, exact: true);
        scale.Ticks.ShouldBe([0, 1, 2, 3, 4, 5], 1e-12);
        (scale.Position(0), scale.Position(2.5), scale.Position(5)).ShouldBe((0, 0.5, 1));
    }

    [Fact]
    public void One_value_has_an_axis_around_it() => AxisScale.Linear(3, 3).Position(3).ShouldBe(0.5, 1e-12);

    [Fact]
    public void Logarithmic_ticks_are_round()
    {
        AxisScale.Logarithmic(0.9, 11).Ticks.ShouldBe([1, 2, 5, 10], 1e-12);
        AxisScale.Logarithmic(0.004, 2.3).Ticks.ShouldBe([0.01, 0.03, 0.1, 0.3, 1], 1e-9);
        AxisScale scale = AxisScale.Logarithmic(0.1, 10);
        scale.Position(1).ShouldBe(0.5, 1e-12);
    }

    [Theory]
    [InlineData(6_885_521.1, 6_885_521.1)]
    [InlineData(3, 4.3)]
    [InlineData(6e-7, 6e-7)]
    [InlineData(0.3, 0.31)]
    [InlineData(1e-300, 1e300)]
    public void A_logarithmic_axis_between_two_round_numbers_has_ticks_all_the_same(double low, double high)
    {
        AxisScale scale = AxisScale.Logarithmic(low, high);
        scale.Ticks.Count.ShouldBeGreaterThanOrEqualTo(2);
        scale.Ticks.ShouldAllBe(tick => tick >= low / 1.16 && tick <= high * 1.16);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(2e6, "2e+6")]
    public void Labels_are_short(double value, string label) => AxisScale.Label(value).ShouldBe(label);
}
