namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

public class ScheduleTests
{
    private static SGD Optimizer() => new([Tensor.Ones([1], requiresGrad: true)], lr: 1);

    private static void ShouldGive(Func<Optimizer, LRScheduler> make, params double[] expected)
    {
        SGD optimizer = Optimizer();
        LRScheduler schedule = make(optimizer);
        for (int epoch = 0; epoch < expected.Length; epoch++)
        {
            schedule.LastEpoch.ShouldBe(epoch);
            optimizer.ParamGroups[0].Lr.ShouldBe(expected[epoch], 1e-8, $"epoch {epoch}");
            optimizer.Step();
            schedule.Step();
        }
    }

    [Fact]
    public void Steps() => ShouldGive(o => new StepLR(o, 3), 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01);

    [Fact]
    public void Milestones() => ShouldGive(o => new MultiStepLR(o, [2, 5], 0.5), 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25);

    [Fact]
    public void Exponential() =>
        ShouldGive(o => new ExponentialLR(o, 0.9), 1, 0.9, 0.81, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969, 0.43046721);

    [Fact]
    public void Cosine() =>
        ShouldGive(o => new CosineAnnealingLR(o, 4, 0.1), 1, 0.86819805, 0.55, 0.23180195, 0.1, 0.23180195, 0.55, 0.86819805, 1);

    [Fact]
    public void Function_of_the_epoch() =>
        ShouldGive(o => new LambdaLR(o, e => 1.0 / (1 + e)), 1, 0.5, 0.33333333, 0.25, 0.2, 0.16666667, 0.14285714, 0.125, 0.11111111);

    [Fact]
    public void Multiplicative() =>
        ShouldGive(o => new MultiplicativeLR(o, _ => 0.5), 1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625);

    [Fact]
    public void Linear_warm_up() => ShouldGive(o => new LinearLR(o), 0.33333333, 0.46666667, 0.6, 0.73333333, 0.86666667, 1, 1, 1, 1);

    [Fact]
    public void Constant_factor() =>
        ShouldGive(o => new ConstantLR(o), 0.33333333, 0.33333333, 0.33333333, 0.33333333, 0.33333333, 1, 1, 1, 1);

    [Fact]
    public void A_chain_steps_all_its_schedules()
    {
        SGD optimizer = Optimizer();
        var chain = new ChainedScheduler(new ConstantLR(optimizer, 0.5, 3), new ExponentialLR(optimizer, 0.9));
        double[] expected = [0.5, 0.45, 0.405, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969, 0.43046721];
        foreach (double lr in expected)
        {
            optimizer.ParamGroups[0].Lr.ShouldBe(lr, 1e-8);
            chain.Step();
        }
    }

    [Fact]
    public void A_plateau_reduces_the_rate()
    {
        SGD optimizer = Optimizer();
        var schedule = new ReduceLROnPlateau(optimizer, patience: 1);
        double[] metrics = [1, 1, 1, 1, 0.5, 0.6, 0.6, 0.6], expected = [1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01];
        for (int epoch = 0; epoch < metrics.Length; epoch++)
        {
            schedule.Step(metrics[epoch]);
            optimizer.ParamGroups[0].Lr.ShouldBe(expected[epoch], 1e-12, $"epoch {epoch}");
        }
    }

    [Fact]
    public void The_initial_rate_is_kept_in_the_group()
    {
        SGD optimizer = Optimizer();
        new LinearLR(optimizer).BaseLrs.ShouldBe([1.0]);
        optimizer.ParamGroups[0]["initial_lr"].ShouldBe(1.0);
    }
}
