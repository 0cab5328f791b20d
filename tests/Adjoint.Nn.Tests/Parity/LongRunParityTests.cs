using System.Text.Json;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Parity;

/// <summary>17: 200 steps of every optimizer and every schedule are PyTorch's, or those of the paper's pseudo-code, in float64.</summary>
public class LongRunParityTests
{
    private static readonly int[] s_seen = [1, 2, 10, 50, 100, 200];

    private static readonly JsonElement[] s_cases = [.. Fixtures.Read<JsonElement>("long_runs")];

    private sealed class Settings(JsonElement options)
    {
        public double this[string name, double otherwise = 0] =>
            options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;

        public bool Flag(string name, bool otherwise = false) =>
            options.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;

        public int Count(string name, int otherwise = 0) => (int)this[name, otherwise];

        public string Word(string name, string otherwise) => options.TryGetProperty(name, out JsonElement value) ? value.GetString()! : otherwise;

        public bool Has(string name) => options.TryGetProperty(name, out _);

        public double[] Numbers(string name) => options.GetProperty(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(x => x.GetDouble())] : [this[name]];
    }

    private static readonly Dictionary<string, Func<Tensor[], Settings, Optimizer>> s_optimizers = new()
    {
        ["SGD"] = (p, o) => new SGD(p, o["lr"], o["momentum"], o["dampening"], o["weight_decay"], o.Flag("nesterov"), o.Flag("maximize")),
        ["Adam"] = (p, o) => new Adam(p, o["lr"], weightDecay: o["weight_decay"], amsgrad: o.Flag("amsgrad")),
        ["AdamW"] = (p, o) => new AdamW(p, o["lr"], weightDecay: o["weight_decay"]),
        ["RMSprop"] = (p, o) => new RMSprop(p, o["lr"], weightDecay: o["weight_decay"], momentum: o["momentum"], centered: o.Flag("centered")),
        ["Adagrad"] = (p, o) => new Adagrad(p, o["lr"], o["lr_decay"]),
        ["Adadelta"] = (p, o) => new Adadelta(p, o["lr"], o["rho"]),
        ["Adamax"] = (p, o) => new Adamax(p, o["lr"], weightDecay: o["weight_decay"]),
        ["RAdam"] = (p, o) => new RAdam(p, o["lr"]),
        ["NAdam"] = (p, o) => new NAdam(p, o["lr"], momentumDecay: o["momentum_decay"]),
        ["Rprop"] = (p, o) => new Rprop(p, o["lr"]),
        ["ASGD"] = (p, o) => new ASGD(p, o["lr"], o["lambd"], t0: o["t0"]),
        ["SparseAdam"] = (p, o) => new SparseAdam(p, o["lr"]),
        ["Lion"] = (p, o) => new Lion(p, o["lr"], weightDecay: o["weight_decay"]),
        ["Adafactor"] = (p, o) => new Adafactor(p, o["lr"], weightDecay: o["weight_decay"]),
        ["Muon"] = (p, o) => new Muon(p, o["lr"], o["weight_decay", 0.1], nesterov: o.Flag("nesterov", true),
            adjustLr: o.Flag("match_rms_adamw") ? MuonRate.MatchRmsAdamw : MuonRate.Original),
    };

    public static TheoryData<int, string> Runs =>
        [.. s_cases.Index().Where(c => c.Item.GetProperty("kind").GetString() == "steps")
            .Select(c => (c.Index, c.Item.GetProperty("name").GetString()!))];

    public static TheoryData<int, string> Rates =>
        [.. s_cases.Index().Where(c => c.Item.GetProperty("kind").GetString() == "rates")
            .Select(c => (c.Index, c.Item.GetProperty("name").GetString()!))];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Two_hundred_steps_end_where_they_should(int number, string name)
    {
        JsonElement @case = s_cases[number];
        Tensor p = Tensor.From([.. Enumerable.Range(0, 12).Select(i => Math.Cos(1.3 * i))])
            .Reshape([.. @case.GetProperty("shape").EnumerateArray().Select(x => x.GetInt32())]).Clone().RequiresGradInPlace();
        Optimizer optimizer = s_optimizers[name]([p], new Settings(@case.GetProperty("options")));
        for (int t = 1; t <= 200; t++)
        {
            double[] now = p.Detach().ToArray<double>(), g = [.. now.Select((x, i) => 0.5 * (x - Math.Sin(0.37 * t + i)))];
            if (name == "SparseAdam")
                for (int i = 0; i < g.Length; i++)
                    if (i / 3 == t % 4 || (t % 3 == 0 && i / 3 == (t + 2) % 4)) g[i] = 0;
            p.Grad = Tensor.From(g).Reshape(p.Shape);
            optimizer.Step();
            if (Array.IndexOf(s_seen, t) is >= 0 and int at)
                p.Detach().ToArray<double>().ShouldBe([.. @case.GetProperty("after")[at].EnumerateArray().Select(x => x.GetDouble())], 1e-9,
                    $"{name}, step {t}");
        }
        if (name != "ASGD") return;
        var state = (Dictionary<string, object?>)((Dictionary<int, object?>)optimizer.StateDict().ToTorch()["state"]!)[0]!;
        ((Tensor)state["mu"]!).Item().ShouldBe(@case.GetProperty("mu").GetDouble());
        ((Tensor)state["eta"]!).Item().ShouldBe(@case.GetProperty("eta").GetDouble(), 1e-12);
    }

    private static LRScheduler Schedule(string name, Optimizer optimizer, Settings o) => name switch
    {
        "StepLR" => new StepLR(optimizer, o.Count("step_size"), o["gamma"]),
        "MultiStepLR" => new MultiStepLR(optimizer, [.. o.Numbers("milestones").Select(x => (int)x)], o["gamma"]),
        "ExponentialLR" => new ExponentialLR(optimizer, o["gamma"]),
        "CosineAnnealingLR" => new CosineAnnealingLR(optimizer, o.Count("T_max"), o["eta_min"]),
        "LinearLR" => new LinearLR(optimizer, o["start_factor"], o["end_factor"], o.Count("total_iters")),
        "ConstantLR" => new ConstantLR(optimizer, o["factor"], o.Count("total_iters")),
        "PolynomialLR" => new PolynomialLR(optimizer, o.Count("total_iters"), o["power"]),
        "CosineAnnealingWarmRestarts" => new CosineAnnealingWarmRestarts(optimizer, o.Count("T_0"), o.Count("T_mult"), o["eta_min"]),
        "CyclicLR" => new CyclicLR(optimizer, new CyclicLrOptions(o.Numbers("base_lr"), o.Numbers("max_lr"), o.Count("step_size_up"),
            o.Count("step_size_down"), Enum.Parse<CyclicMode>(o.Word("mode", "triangular").Replace("_", ""), true), o["gamma", 1],
            BaseMomentum: o["base_momentum", 0.8], MaxMomentum: o["max_momentum", 0.9])),
        "OneCycleLR" when o.Has("epochs") => new OneCycleLR(optimizer, o["max_lr"], epochs: o.Count("epochs"), stepsPerEpoch: o.Count("steps_per_epoch"),
            annealStrategy: AnnealStrategy.Linear, divFactor: o["div_factor"], finalDivFactor: o["final_div_factor"]),
        "OneCycleLR" => new OneCycleLR(optimizer, new OneCycleLrOptions(o.Numbers("max_lr"), o.Count("total_steps"), o["pct_start", 0.3],
            CycleMomentum: o.Flag("cycle_momentum", true), ThreePhase: o.Flag("three_phase"))),
        "SWALR" => new SWALR(optimizer, new SwaLrOptions(o.Numbers("swa_lr"), o.Count("anneal_epochs"),
            o.Word("anneal_strategy", "cos") == "cos" ? AnnealStrategy.Cos : AnnealStrategy.Linear)),
        "Chained" => new ChainedScheduler(new ExponentialLR(optimizer, 0.99), new StepLR(optimizer, 40, 0.5)),
        "Sequential" => new SequentialLR(optimizer,
            [new LinearLR(optimizer, 0.1, totalIters: 20), new CosineAnnealingLR(optimizer, 100), new ExponentialLR(optimizer, 0.9)], [20, 120]),
        _ => throw new InvalidDataException(name),
    };

    private static Optimizer Rated(bool adam)
    {
        ParamGroup[] groups = [new([Tensor.Zeros(1).RequiresGradInPlace()]), new([Tensor.Zeros(1).RequiresGradInPlace()]) { Lr = 0.5 }];
        return adam ? new Adam(groups, lr: 0.1) : new SGD(groups, lr: 0.1, momentum: 0.9);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Two_hundred_rates_are_PyTorchs(int number, string name)
    {
        JsonElement @case = s_cases[number];
        var settings = new Settings(@case.GetProperty("options"));
        bool adam = settings.Flag("adam");
        Optimizer optimizer = Rated(adam);
        LRScheduler schedule = Schedule(name, optimizer, settings);
        for (int step = 0; step < 200; step++)
        {
            // Half way another schedule of the same kind goes on from the state.
            if (step == 100)
            {
                Optimizer other = Rated(adam);
                LRScheduler next = Schedule(name, other, settings);
                other.LoadStateDict(optimizer.StateDict());
                next.LoadStateDict(schedule.StateDict());
                (optimizer, schedule) = (other, next);
            }
            schedule.Step();
            double[] expected = [.. @case.GetProperty("rates")[step].EnumerateArray().Select(x => x.GetDouble())];
            for (int group = 0; group < 2; group++)
            {
                optimizer.ParamGroups[group].Lr.ShouldBe(expected[group], 1e-12, $"{name}, step {step}, group {group}");
                optimizer.ParamGroups[group].Number(adam ? "beta1" : "momentum").ShouldBe(expected[2 + group], 1e-12, $"{name}, step {step}");
            }
        }
    }

    [Fact]
    public void Averaged_models_are_PyTorchs()
    {
        JsonElement @case = s_cases.Single(c => c.GetProperty("kind").GetString() == "average");
        Tensor Of(string part, string name, Shape shape) =>
            Tensor.From([.. @case.GetProperty(part).GetProperty(name).EnumerateArray().Select(x => x.GetDouble())]).Reshape(shape);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new BatchNorm1d(4), new Tanh(), new Adjoint.Nn.Linear(4, 1)).Double();
        foreach ((string name, Tensor value) in net.StateDict()) value.CopyInPlace(Of("begin", name, value.Shape).To(value.DType));
        Tensor data = Tensor.From([.. @case.GetProperty("data").EnumerateArray().Select(x => x.GetDouble())]).Reshape(24, 3);
        var optimizer = new SGD(net.Parameters(), lr: 0.2);
        AveragedModel equal = new(net), ema = new(net, AveragedModel.Ema(0.9));
        for (int step = 0; step < 12; step++)
        {
            optimizer.ZeroGrad();
            net.Call(step < 9 ? data[(2 * step)..(2 * step + 6)] : data).Pow(2).Mean().Backward();
            optimizer.Step();
            if (step >= 4) equal.UpdateParameters(net);
            ema.UpdateParameters(net);
        }
        AveragedModel.UpdateBn(new DataLoader(new TensorDataset(data), 8), equal);
        ((BatchNorm1d)net[1]).ToString().ShouldContain("momentum=0.1");
        foreach ((string name, Tensor value) in equal.StateDict())
            value.To(DType.Float64).ToArray<double>().ShouldBe(Of("equal", name, value.Shape).ToArray<double>(), 1e-12, name);
        foreach ((string name, Tensor value) in ema.NamedParameters())
            value.Detach().ToArray<double>().ShouldBe(Of("ema", name, value.Shape).ToArray<double>(), 1e-12, name);
        equal.Eval().Call(data).Detach().Reshape(-1).ToArray<double>()
            .ShouldBe([.. @case.GetProperty("output").EnumerateArray().Select(x => x.GetDouble())], 1e-12);
        equal.Training.ShouldBeFalse();
        Should.Throw<StateDictException>(() => equal.UpdateParameters(new Adjoint.Nn.Linear(2, 2)));
    }
}
