using System.Text.Json;
using Adjoint.Tests.Parity;

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

    private static readonly (string Name, Func<SGD, Action> Make)[] s_asPyTorch =
    [
        ("PolynomialLR", o => new PolynomialLR(o, 4, 2).Step),
        ("CosineAnnealingWarmRestarts", o => new CosineAnnealingWarmRestarts(o, 3, 2).Step),
        ("CosineAnnealingWarmRestarts", o => new CosineAnnealingWarmRestarts(o, 4, etaMin: 0.1).Step),
        ("SequentialLR", o => new SequentialLR(
            o, [new LinearLR(o, 0.25, totalIters: 3), new StepLR(o, 2, 0.5), new ExponentialLR(o, 0.9)], [4, 8]).Step),
    ];

    [Fact]
    public void Rates_are_PyTorchs()
    {
        JsonElement[] cases = [.. Fixtures.Read<JsonElement>("optimizers").Where(c => c.GetProperty("kind").GetString() == "rates")];
        foreach (var group in s_asPyTorch.GroupBy(schedule => schedule.Name))
        {
            JsonElement[] own = [.. cases.Where(c => c.GetProperty("name").GetString() == group.Key)];
            own.Length.ShouldBe(group.Count());
            foreach ((JsonElement @case, (string name, Func<SGD, Action> make)) in own.Zip(group))
            {
                SGD optimizer = Optimizer();
                Action step = make(optimizer);
                foreach (JsonElement rate in @case.GetProperty("rates").EnumerateArray())
                {
                    optimizer.ParamGroups[0].Lr.ShouldBe(rate.GetDouble(), 1e-15, name);
                    optimizer.Step();
                    step();
                }
            }
        }
    }

    [Fact]
    public void Schedules_in_a_row_go_on_from_a_saved_state()
    {
        for (int saved = 0; saved < 11; saved++)
        {
            SGD whole = Optimizer(), half = Optimizer(), rest = Optimizer();
            SequentialLR schedule = Make(whole), first = Make(half), second = Make(rest);
            for (int i = 0; i < saved; i++)
            {
                schedule.Step();
                first.Step();
            }
            second.LoadStateDict(first.StateDict());
            rest.LoadStateDict(half.StateDict());
            for (int i = 0; i < 9; i++)
            {
                rest.ParamGroups[0].Lr.ShouldBe(whole.ParamGroups[0].Lr);
                (second.LastEpoch, second.LastLr[0]).ShouldBe((schedule.LastEpoch, schedule.LastLr[0]));
                schedule.Step();
                second.Step();
            }
        }

        static SequentialLR Make(SGD o) => new(o, [new LinearLR(o), new CosineAnnealingWarmRestarts(o, 2, 2)], [3]);
    }

    [Fact]
    public void Schedules_in_a_row_that_make_no_sense_are_refused()
    {
        SGD o = Optimizer();
        var step = new StepLR(o, 3);
        Should.Throw<ArgumentException>(() => new SequentialLR(o, [], []));
        Should.Throw<ArgumentException>(() => new SequentialLR(o, [step], [3])).Message.ShouldContain("0 milestones");
        Should.Throw<ArgumentException>(() => new SequentialLR(o, [step, new StepLR(o, 2)], [0])).Message.ShouldContain("ascend");
        Should.Throw<ArgumentException>(() => new SequentialLR(Optimizer(), [step], [])).Message.ShouldContain("of the optimizer");
        Should.Throw<ArgumentOutOfRangeException>(() => new PolynomialLR(o, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new CosineAnnealingWarmRestarts(o, 0));
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
