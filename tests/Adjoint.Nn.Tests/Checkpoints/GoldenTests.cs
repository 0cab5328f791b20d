using System.Reflection;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Architecture;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Checkpoints;

/// <summary>
/// What earlier versions saved is loaded by this one, to the bit. Each file holds a state and what came of it: an optimizer its memories and
/// the parameters two steps later, a schedule its next rates, a generator its next numbers. <c>tests/Golden/write</c> writes those of the
/// present version.
/// </summary>
public partial class GoldenTests
{
    private static readonly string s_root = Path.Combine(SourceTree.Root, "tests", "Golden");

    /// <summary>The version in the making: "0.1.0" of "0.1.0+4f3c…".</summary>
    private static string Version => typeof(Tensor).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private sealed class Net : Module
    {
        public readonly Embedding Words = new(5, 4);
        public readonly Sequential Body = new(new Adjoint.Nn.Linear(4, 3),
            new BatchNorm1d(3), new ReLU(), new LayerNorm(3));
        public readonly ModuleDict Heads = new() { ["mean"] = new Adjoint.Nn.Linear(3, 1), ["spread"] = new Adjoint.Nn.Linear(3, 1, bias: false) };
        public readonly Tensor Scale = Tensor.Empty([2, 3], DType.Float64).AsParameter();
        public readonly Tensor Count = Tensor.Empty([4], DType.Int32).AsBuffer();
        public readonly Tensor Bytes = Tensor.Empty([0, 2], DType.UInt8).AsBuffer();
        public readonly Tensor Mask = Tensor.Empty([5], DType.Bool).AsBuffer();

        protected override Tensor Forward(Tensor input) => input;
    }

    private static readonly (string Name, Func<IEnumerable<ParamGroup>, Optimizer> Make)[] s_optimizers =
    [
        ("sgd", p => new SGD(p, 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true)),
        ("sgd-dampened", p => new SGD(p, 0.1, momentum: 0.9, dampening: 0.5, maximize: true)),
        ("adam", p => new Adam(p, 0.01, (0.8, 0.99), weightDecay: 0.1)),
        ("adam-amsgrad", p => new Adam(p, 0.01, amsgrad: true, maximize: true)),
        ("adamw", p => new AdamW(p, 0.01, weightDecay: 0.1)),
        ("adamax", p => new Adamax(p, 0.01, weightDecay: 0.1)),
        ("radam", p => new RAdam(p, 0.01, (0.9, 0.6), weightDecay: 0.1)),
        ("nadam", p => new NAdam(p, 0.01, weightDecay: 0.1, momentumDecay: 0.01)),
        ("adadelta", p => new Adadelta(p, 0.5, rho: 0.8, weightDecay: 0.1)),
        ("adagrad", p => new Adagrad(p, 0.1, lrDecay: 0.1, initialAccumulatorValue: 0.5, maximize: true)),
        ("rprop", p => new Rprop(p, 0.1, (0.4, 1.3))),
        ("asgd", p => new ASGD(p, 0.1, 0.1, t0: 3)),
        ("lion", p => new Lion(p, 0.01, weightDecay: 0.1)),
        ("adafactor", p => new Adafactor(p, 0.1, weightDecay: 0.1)),
        ("sparse-adam", p => new SparseAdam(p, 0.1)),
        ("muon", p => new Muon(OfMatrices(p), 0.1)),
        ("rmsprop", p => new RMSprop(p, 0.01, momentum: 0.9, centered: true, weightDecay: 0.1)),
    ];

    // It takes no other parameters.
    private static ParamGroup[] OfMatrices(IEnumerable<ParamGroup> groups) =>
        [.. groups.Select(group => new ParamGroup(group.Parameters.Select(p => p.NDim == 2 ? p : Tensor.Zeros(2, 2).RequiresGradInPlace())))];

    private static readonly (string Name, Func<Optimizer, LRScheduler> Make)[] s_schedules =
    [
        ("step", o => new StepLR(o, 2, 0.5)),
        ("multi-step", o => new MultiStepLR(o, [2, 4], 0.5)),
        ("constant", o => new ConstantLR(o, 0.25, 4)),
        ("linear", o => new LinearLR(o, 0.1, 1, 5)),
        ("exponential", o => new ExponentialLR(o, 0.9)),
        ("polynomial", o => new PolynomialLR(o, 5, 2)),
        ("warm-restarts", o => new CosineAnnealingWarmRestarts(o, 2, 2, 0.01)),
        ("cosine", o => new CosineAnnealingLR(o, 7, 0.01)),
        ("lambda", o => new LambdaLR(o, epoch => 1.0 / (1 + epoch))),
        ("cyclic", o => new CyclicLR(o, 0.01, 0.1, 2, 3, CyclicMode.ExpRange, 0.9)),
        ("one-cycle", o => new OneCycleLR(o, 1, 12, annealStrategy: AnnealStrategy.Linear)),
        ("swa", o => new SWALR(o, 0.05, 6)),
        ("sequential", o => new SequentialLR(o, [new LinearLR(o, 0.1, 1, 2), new ExponentialLR(o, 0.9)], [2])),
        ("chained", o => new ChainedScheduler(new ConstantLR(o, 0.25, 4), new ExponentialLR(o, 0.9))),
        ("multiplicative", o => new MultiplicativeLR(o, epoch => 1 - 0.01 * epoch)),
    ];

    public static TheoryData<string, string> Files
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ADJOINT_WRITE_GOLDEN") == "1") WriteAll(Path.Combine(s_root, Version));
            return [.. Directory.EnumerateDirectories(s_root).Order(StringComparer.Ordinal)
                .SelectMany(folder => Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileName(folder), Path.GetFileNameWithoutExtension(file))))];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_an_earlier_version_saved_is_loaded_to_the_bit(string version, string name)
    {
        string path = Path.Combine(s_root, version, name + ".safetensors");
        var file = new StateFile(path);
        switch (name.Split('.'))
        {
            case ["module"]: CheckModule(new Net().Load(path)); break;
            case ["generator"]: CheckGenerator(file); break;
            case ["plateau"]: CheckPlateau(file); break;
            case ["optimizer", "lbfgs"]: CheckLbfgs(file); break;
            case ["optimizer", var kind]: CheckOptimizer(file, s_optimizers.Single(o => o.Name == kind).Make); break;
            case ["schedule", var kind]: CheckSchedule(file, s_schedules.Single(s => s.Name == kind).Make); break;
            case ["checkpoint"]: CheckCheckpoint(file); break;
            default: throw new InvalidDataException($"{name}: nobody reads this file.");
        }
    }

    [Fact]
    public void A_release_has_its_files()
    {
        string[] kinds = [.. All.Select(f => f.Name + ".safetensors").Order(StringComparer.Ordinal)];
        kinds.Length.ShouldBe(5 + s_optimizers.Length + s_schedules.Length);
        // What is not released yet may still change its format.
        if (Version.Contains('-')) return;
        string folder = Path.Combine(s_root, Version);
        Directory.Exists(folder).ShouldBeTrue($"Version {Version} has no golden checkpoints: run tests/Golden/write and commit them.");
        Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ShouldBe(kinds);
    }

    [Fact]
    public void Every_optimizer_and_schedule_has_a_file()
    {
        Type[] kinds = [.. typeof(Optimizer).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && (t.IsSubclassOf(typeof(Optimizer)) || t.IsSubclassOf(typeof(LRScheduler))))];
        IEnumerable<Type> written = s_optimizers.Select(o => o.Make([new ParamGroup(Parameters())]).GetType())
            .Concat(s_schedules.Select(s => s.Make(new SGD(Parameters())).GetType())).Append(Searching(Searched()).GetType());
        kinds.Except(written).ShouldBeEmpty();
    }

    private static IEnumerable<(string Name, Action<string> Write)> All =>
    [
        ("module", path => Filled(new Net()).Save(path)),
        ("generator", path => Written(GeneratorFile(), path)),
        ("plateau", path => Written(PlateauFile(), path)),
        ("checkpoint", path => Written(CheckpointFile(), path)),
        ("optimizer.lbfgs", path => Written(LbfgsFile(), path)),
        .. s_optimizers.Select(o => ("optimizer." + o.Name, (Action<string>)(path => Written(OptimizerFile(o.Make), path)))),
        .. s_schedules.Select(s => ("schedule." + s.Name, (Action<string>)(path => Written(ScheduleFile(s.Make), path)))),
    ];

    private static void WriteAll(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, write) in All) write(Path.Combine(folder, name + ".safetensors"));
    }

    private static void Written(StateFile file, string path) => file.Save(path);

    /// <summary>Numbers that follow from their places alone, and are exact in every dtype.</summary>
    private static Tensor Numbers(Tensor like, int seed)
    {
        double[] values = [.. Enumerable.Range(0, like.NumEl).Select(i => (double)((i * 37 + seed * 11 + 5) % 64))];
        return like.DType == DType.Bool ? (Tensor.From(values, like.Shape) % 2).To(DType.Bool)
            : like.DType.IsFloatingPoint ? ((Tensor.From(values, like.Shape) - 32) / 16).To(like.DType)
            : Tensor.From(values, like.Shape).To(like.DType);
    }

    private static Net Filled(Net net)
    {
        using GradScope off = Autograd.NoGrad();
        int seed = 0;
        foreach ((_, Tensor tensor) in net.StateDict()) tensor.CopyInPlace(Numbers(tensor, seed++));
        return net;
    }

    private static void CheckModule(Net net)
    {
        IReadOnlyDictionary<string, Tensor> expected = Filled(new Net()).StateDict();
        foreach ((string name, Tensor tensor) in net.StateDict()) Same(tensor, expected[name], name);
    }

    private static void Same(Tensor found, Tensor expected, string what)
    {
        (found.DType, found.Shape).ShouldBe((expected.DType, expected.Shape), what);
        // By the bits: −0 is not 0.
        using var one = new MemoryStream();
        using var other = new MemoryStream();
        SafeTensors.Save(one, [new(what, found)]);
        SafeTensors.Save(other, [new(what, expected)]);
        one.ToArray().ShouldBe(other.ToArray(), what);
    }

    private static Tensor[] Parameters() =>
    [
        Numbers(Tensor.Empty([3, 2]), 1).RequiresGradInPlace(), Numbers(Tensor.Empty([4], DType.Float64), 2).RequiresGradInPlace(),
        Numbers(Tensor.Empty([]), 3).RequiresGradInPlace(),
    ];

    // The second parameter has no gradient in the first step: what is remembered of it is one step behind.
    private static void Steps(Optimizer optimizer, Tensor[] parameters, int from, int steps)
    {
        for (int step = from; step < from + steps; step++)
        {
            for (int i = 0; i < parameters.Length; i++)
                parameters[i].Grad = i == 1 && step == 0 ? null : Numbers(parameters[i].Detach(), 7 * step + i);
            optimizer.Step();
        }
    }

    private static ParamGroup[] Groups(Tensor[] p) => [new ParamGroup(p[..2]), new ParamGroup(p[2..]) { ["lr"] = 0.25 }];

    private static StateFile OptimizerFile(Func<IEnumerable<ParamGroup>, Optimizer> make)
    {
        var file = new StateFile();
        Tensor[] p = Parameters();
        Optimizer optimizer = make(Groups(p));
        Steps(optimizer, p, 0, 8);
        file.Put("optimizer", optimizer.StateDict());
        for (int i = 0; i < p.Length; i++) file[$"now.{i}"] = p[i];
        Steps(optimizer, p, 8, 2);
        for (int i = 0; i < p.Length; i++) file[$"later.{i}"] = p[i];
        return file;
    }

    private static void CheckOptimizer(StateFile file, Func<IEnumerable<ParamGroup>, Optimizer> make)
    {
        Tensor[] p = Parameters();
        using (Autograd.NoGrad())
            for (int i = 0; i < p.Length; i++) p[i].CopyInPlace(file.Tensor($"now.{i}"));
        Optimizer optimizer = make([new ParamGroup(p[..2]), new ParamGroup(p[2..])]);
        OptimizerState saved = file.Optimizer("optimizer");
        optimizer.LoadStateDict(saved);
        SameState(optimizer.StateDict(), saved);
        Steps(optimizer, p, 8, 2);
        for (int i = 0; i < p.Length; i++) Same(p[i], file.Tensor($"later.{i}"), $"parameter {i}");
    }

    private static void SameState(OptimizerState taken, OptimizerState saved)
    {
        for (int i = 0; i < taken.ParamGroups.Count; i++)
        {
            taken.ParamGroups[i].Options.Keys.Order().ShouldBe(saved.ParamGroups[i].Options.Keys.Order());
            foreach ((string name, object? value) in saved.ParamGroups[i].Options)
            {
                if (value is double[] list) ((double[])taken.ParamGroups[i].Options[name]!).ShouldBe(list);
                else taken.ParamGroups[i].Options[name].ShouldBe(value);
            }
            taken.ParamGroups[i].Parameters.ShouldBe(saved.ParamGroups[i].Parameters);
        }
        foreach ((int number, IReadOnlyDictionary<string, object?> memory) in saved.State)
        {
            taken.State[number].Keys.Order().ShouldBe(memory.Keys.Order());
            foreach ((string name, object? value) in memory)
            {
                if (value is Tensor tensor) Same((Tensor)taken.State[number][name]!, tensor, name);
                else taken.State[number][name].ShouldBe(value);
            }
        }
    }

    private static SGD Rated() => new([new ParamGroup(Parameters()), new ParamGroup(Parameters()) { Lr = 0.5 }], lr: 0.1);

    private static double[] NextRates(LRScheduler schedule) => [.. Enumerable.Range(0, 6).SelectMany(_ =>
    {
        schedule.Step();
        return schedule.LastLr;
    })];

    private static StateFile ScheduleFile(Func<Optimizer, LRScheduler> make)
    {
        var file = new StateFile();
        SGD optimizer = Rated();
        LRScheduler schedule = make(optimizer);
        for (int i = 0; i < 3; i++) schedule.Step();
        file.Put("optimizer", optimizer.StateDict());
        file.Put("schedule", schedule.StateDict());
        file["later"] = NextRates(schedule);
        return file;
    }

    private static void CheckSchedule(StateFile file, Func<Optimizer, LRScheduler> make)
    {
        SGD optimizer = Rated();
        LRScheduler schedule = make(optimizer);
        optimizer.LoadStateDict(file.Optimizer("optimizer"));
        schedule.LoadStateDict(file.State("schedule"));
        NextRates(schedule).ShouldBe((double[])file["later"]);
    }

    private static readonly double[] s_metrics = [3, 2, 2.5, 2.5, 2.5, 1, 1, 1, 1, 1];

    private static double[] Plateau(ReduceLROnPlateau schedule, SGD optimizer, Range of) => [.. s_metrics[of].Select(metric =>
    {
        schedule.Step(metric);
        return optimizer.ParamGroups[1].Lr;
    })];

    private static StateFile PlateauFile()
    {
        var file = new StateFile();
        SGD optimizer = Rated();
        var schedule = new ReduceLROnPlateau(optimizer, patience: 1, cooldown: 1);
        _ = Plateau(schedule, optimizer, ..5);
        file.Put("optimizer", optimizer.StateDict());
        file.Put("schedule", schedule.StateDict());
        file["later"] = Plateau(schedule, optimizer, 5..);
        return file;
    }

    private static void CheckPlateau(StateFile file)
    {
        SGD optimizer = Rated();
        var schedule = new ReduceLROnPlateau(optimizer, patience: 1, cooldown: 1);
        optimizer.LoadStateDict(file.Optimizer("optimizer"));
        schedule.LoadStateDict(file.State("schedule"));
        Plateau(schedule, optimizer, 5..).ShouldBe((double[])file["later"]);
    }

    private static (string Name, Tensor Drawn)[] Draws(Generator generator) =>
    [
        ("rand", Tensor.Rand([7], generator: generator)), ("rand64", Tensor.Rand([3], DType.Float64, generator: generator)),
        ("order", Tensor.RandPerm(9, generator: generator)), ("int64", Tensor.From([generator.NextInt64(), generator.NextInt64()])),
    ];

    private static StateFile GeneratorFile()
    {
        var file = new StateFile();
        var generator = new Generator(2024);
        _ = Tensor.Randn([5], generator: generator);
        file["state"] = Tensor.From(generator.GetState());
        foreach (var (name, drawn) in Draws(generator)) file["later." + name] = drawn;
        return file;
    }

    private static void CheckGenerator(StateFile file, string state = "state")
    {
        var generator = new Generator(1);
        generator.SetState(file.Tensor(state).ToArray<byte>());
        foreach (var (name, drawn) in Draws(generator)) Same(drawn, file.Tensor("later." + name), name);
    }

    /// <summary>A training in the middle: the net, its optimizer, the schedule and the generator, in one file.</summary>
    private static StateFile CheckpointFile()
    {
        var file = GeneratorFile();
        Net net = Filled(new Net());
        var (optimizer, schedule) = Training(net);
        Go(net, optimizer, schedule, 3);
        file.Put("net", net.StateDict());
        file.Put("optimizer", optimizer.StateDict());
        file.Put("schedule", schedule.StateDict());
        Go(net, optimizer, schedule, 2);
        file.Put("end", net.StateDict());
        return file;
    }

    private static void CheckCheckpoint(StateFile file)
    {
        CheckGenerator(file);
        var net = new Net();
        var (optimizer, schedule) = Training(net);
        net.LoadStateDict(file.TensorsOf("net"));
        optimizer.LoadStateDict(file.Optimizer("optimizer"));
        schedule.LoadStateDict(file.State("schedule"));
        Go(net, optimizer, schedule, 2);
        IReadOnlyDictionary<string, Tensor> end = file.TensorsOf("end");
        foreach ((string name, Tensor tensor) in net.StateDict()) Same(tensor, end[name], name);
    }

    private static (Optimizer, LRScheduler) Training(Net net)
    {
        var optimizer = new AdamW(net.Parameters(), 0.01);
        return (optimizer, new StepLR(optimizer, 1, 0.5));
    }

    // Gradients by their places: what a step gives is then the optimizer's and nobody else's.
    private static void Go(Net net, Optimizer optimizer, LRScheduler schedule, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            int i = 0;
            foreach (Tensor p in net.Parameters()) p.Grad = Numbers(p.Detach(), i++);
            optimizer.Step();
            schedule.Step();
        }
    }
}
