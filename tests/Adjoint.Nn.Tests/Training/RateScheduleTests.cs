using Adjoint.Data;
using Adjoint.Optim;
using Adjoint.Training;

namespace Adjoint.Tests.Nn.Training;

public class RateScheduleTests
{
    private static (SGD Optimizer, RateSchedule Schedule) Of(string name, int epochs = 6, int steps = 10)
    {
        var optimizer = new SGD([Tensor.Ones([1], requiresGrad: true)], lr: 1);
        return (optimizer, RateSchedule.Of(name, optimizer, epochs, steps, cooldown: 0.5));
    }

    [Theory]
    [InlineData("none", 1.0)]
    [InlineData("cooldown", 1.0)]
    [InlineData("cosine", 0.5)]
    [InlineData("step", 0.1)]
    public void After_half_of_the_run_the_rate_is_what_its_rule_says(string name, double rate)
    {
        var (optimizer, schedule) = Of(name);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            for (int step = 0; step < 10; step++) schedule.AfterStep();
            schedule.AfterEpoch(1);
        }
        optimizer.ParamGroups[0].Lr.ShouldBe(rate, 1e-9);
    }

    [Fact]
    public void One_cycle_goes_up_to_the_rate_and_down_to_almost_nothing()
    {
        var (optimizer, schedule) = Of("onecycle");
        optimizer.ParamGroups[0].Lr.ShouldBe(1 / 25.0, 1e-9);
        double most = 0;
        for (int step = 0; step < 60; step++)
        {
            most = Math.Max(most, optimizer.ParamGroups[0].Lr);
            schedule.AfterStep();
        }
        most.ShouldBe(1, 1e-3);
        optimizer.ParamGroups[0].Lr.ShouldBe(1 / 25.0 / 1e4, 1e-9);
    }

    [Fact]
    public void A_plateau_reduces_the_rate_and_progress_does_not()
    {
        var (optimizer, schedule) = Of("plateau");
        foreach (double loss in (double[])[1, 0.9, 0.8]) schedule.AfterEpoch(loss);
        optimizer.ParamGroups[0].Lr.ShouldBe(1);
        foreach (double loss in (double[])[0.8, 0.8]) schedule.AfterEpoch(loss);
        optimizer.ParamGroups[0].Lr.ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void A_name_that_is_none_is_refused() => Should.Throw<ArgumentException>(() => Of("warmup")).Message.ShouldContain("cosine");

    [Fact]
    public void What_is_held_back_is_not_trained_with()
    {
        var whole = new TensorDataset(Tensor.Arange(100), Tensor.Arange(100));
        var (train, validation) = ValidationSplit.Of(whole, 0.2, new Generator(3));
        (train.Count, validation.Count).ShouldBe((80, 20));
        int[] numbers = [.. ((Subset)train).Indices.ToArray().Concat(((Subset)validation).Indices.ToArray()).Order()];
        numbers.ShouldBe(Enumerable.Range(0, 100));
        ((Subset)ValidationSplit.Of(whole, 0.2, new Generator(3)).Validation).Indices.ToArray()
            .ShouldBe(((Subset)validation).Indices.ToArray());
        Should.Throw<ArgumentException>(() => ValidationSplit.Of(whole, 0.001, new Generator(3))).Message.ShouldContain("at least 1");
    }
}
