using Adjoint.Training;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Nn.Training;

public class CooldownTests
{
    [Theory]
    [InlineData(0.4, new[] { 1, 1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25 })]
    [InlineData(0.0, new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(1.0, new[] { 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 })]
    [InlineData(0.05, new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void The_rate_is_constant_and_then_falls_along_a_line_that_meets_zero_after_the_last_step(double share, double[] expected)
    {
        var optimizer = new SGD([Tensor.Ones([1], requiresGrad: true)], lr: 2);
        LRScheduler schedule = Cooldown.Of(optimizer, expected.Length, share);
        foreach (double factor in expected)
        {
            optimizer.ParamGroups[0].Lr.ShouldBe(2 * factor, 1e-12);
            optimizer.Step();
            schedule.Step();
        }
    }

    /// <summary>
    /// PyTorch has the same from <c>LinearLR(optimizer, 1, 0, falling)</c>, put after a constant rate by <c>SequentialLR</c>.
    /// </summary>
    [Fact]
    public void The_fall_is_that_of_a_linear_schedule()
    {
        const int falling = 8;
        var optimizer = new SGD([Tensor.Ones([1], requiresGrad: true)], lr: 0.1);
        var linear = new LinearLR(optimizer, startFactor: 1, endFactor: 0, totalIters: falling);
        for (int step = 0; step < falling; step++, linear.Step())
            optimizer.ParamGroups[0].Lr.ShouldBe(0.1 * Cooldown.Factor(12 + step, 20, 0.4), 1e-12);
    }
}
