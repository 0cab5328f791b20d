using System.Text.Json;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

/// <summary>What a schedule saves is what PyTorch's saves, and whoever loads it goes on as if nothing had happened.</summary>
public class ScheduleStateTests
{
    internal sealed record Case(string Name, JsonElement Options, JsonElement State, double[] Before, double[][] Rates);

    private static readonly double[] s_metrics = [1, 2, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5];

    private static SGD Rated() => new(
        [new ParamGroup([Tensor.Ones([1], requiresGrad: true)]), new ParamGroup([Tensor.Ones([1], requiresGrad: true)]) { Lr = 0.5 }], lr: 0.1);

    // What a schedule is made with here is not what its states say.
    private static readonly Dictionary<string, Func<Optimizer, LRScheduler>> s_others = new()
    {
        ["StepLR"] = o => new StepLR(o, 7, 0.3),
        ["MultiStepLR"] = o => new MultiStepLR(o, [1]),
        ["ExponentialLR"] = o => new ExponentialLR(o, 0.3),
        ["CosineAnnealingLR"] = o => new CosineAnnealingLR(o, 9),
        ["LinearLR"] = o => new LinearLR(o),
        ["ConstantLR"] = o => new ConstantLR(o),
    };

    public static TheoryData<string> Names => [.. Fixtures.Read<Case>("schedule_states").Select(c => c.Name)];

    private static object? Read(JsonElement value, bool isCount) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is "-Infinity" ? double.NegativeInfinity : value.GetString(),
        JsonValueKind.Array when isCount => value.EnumerateArray().Select(v => v.GetInt32()).ToArray(),
        JsonValueKind.Array => value.EnumerateArray().Select(v => v.GetDouble()).ToArray(),
        _ => isCount ? (object)value.GetInt32() : value.GetDouble(),
    };

    private static Dictionary<string, object?> StateOf(Case @case) => @case.State.EnumerateObject().ToDictionary(
        option => option.Name, option => Read(option.Value, option.Name is "step_size" or "milestones" or "T_max" or "total_iters"
            or "last_epoch" or "_step_count" or "patience" or "cooldown" or "cooldown_counter" or "num_bad_epochs"));

    [Theory]
    [MemberData(nameof(Names))]
    public void PyTorchs_state_is_taken_and_given_back(string name)
    {
        Case @case = Fixtures.Read<Case>("schedule_states").Single(c => c.Name == name);
        Dictionary<string, object?> state = StateOf(@case);
        SGD optimizer = Rated();
        IReadOnlyDictionary<string, object?> saved;
        Action<int> step;
        if (name == "ReduceLROnPlateau")
        {
            var plateau = new ReduceLROnPlateau(optimizer);
            SetRates();
            plateau.LoadStateDict(state);
            (saved, step) = (plateau.StateDict(), epoch => plateau.Step(s_metrics[epoch]));
        }
        else
        {
            LRScheduler schedule = s_others[name](optimizer);
            SetRates();
            schedule.LoadStateDict(state);
            (saved, step) = (schedule.StateDict(), _ => schedule.Step());
        }
        saved.Keys.Order(StringComparer.Ordinal).ShouldBe(state.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, object? value) in state) saved[key].ShouldBe(value, key);
        for (int epoch = 3; epoch < s_metrics.Length; epoch++)
        {
            step(epoch);
            // PyTorch writes some formulas in another order.
            for (int group = 0; group < 2; group++)
                optimizer.ParamGroups[group].Lr.ShouldBe(@case.Rates[epoch - 3][group], 1e-15, $"epoch {epoch}");
        }

        void SetRates()
        {
            for (int i = 0; i < 2; i++) optimizer.ParamGroups[i].Lr = @case.Before[i];
        }
    }

    private static string Text(IReadOnlyDictionary<string, object?> state) => string.Join("; ",
        state.Select(entry => $"{entry.Key} {(entry.Value is double[] numbers ? string.Join(' ', numbers) : entry.Value)}"));

    private static void Both(Action first, Action second)
    {
        first();
        second();
    }

    /// <summary>To the bit: whatever the schedule was made with, and whether the state went through a file or not.</summary>
    [Fact]
    public void A_training_that_was_interrupted_has_the_rates_of_one_that_was_not()
    {
        Func<Optimizer, LRScheduler>[] all =
            [.. s_others.Values, o => new StepLR(o, 2, 0.7), o => new MultiStepLR(o, [2, 5, 5], 0.3), o => new CosineAnnealingLR(o, 3, 0.01)];
        foreach (Func<Optimizer, LRScheduler> make in all)
        {
            SGD whole = Rated(), half = Rated(), rest = Rated();
            LRScheduler schedule = make(whole), first = make(half);
            LRScheduler second = s_others[schedule.GetType().Name](rest);
            for (int i = 0; i < 4; i++) Both(schedule.Step, first.Step);
            second.LoadStateDict(first.StateDict());
            rest.LoadStateDict(half.StateDict());
            second.LastLr.ShouldBe(schedule.LastLr);
            for (int i = 0; i < 9; i++)
            {
                Both(schedule.Step, second.Step);
                rest.ParamGroups.Select(g => g.Lr).ShouldBe(whole.ParamGroups.Select(g => g.Lr));
            }
        }
    }

    [Fact]
    public void A_chain_is_saved_whole_and_loaded_whole_or_not_at_all()
    {
        static ChainedScheduler Chain(Optimizer o, double gamma) => new(new ConstantLR(o, 0.5, 6), new ExponentialLR(o, gamma));
        SGD whole = Rated(), half = Rated(), rest = Rated();
        ChainedScheduler schedule = Chain(whole, 0.9), first = Chain(half, 0.9), second = Chain(rest, 0.2);
        for (int i = 0; i < 4; i++) Both(schedule.Step, first.Step);
        IReadOnlyDictionary<string, object?> state = first.StateDict();
        second.LoadStateDict(state);
        rest.LoadStateDict(half.StateDict());
        for (int i = 0; i < 5; i++)
        {
            Both(schedule.Step, second.Step);
            rest.ParamGroups.Select(g => g.Lr).ShouldBe(whole.ParamGroups.Select(g => g.Lr));
        }
        second.LastLr.ShouldBe(schedule.LastLr);

        var states = (IReadOnlyDictionary<string, object?>[])state["_schedulers"]!;
        string before = Text(((IReadOnlyDictionary<string, object?>[])second.StateDict()["_schedulers"]!)[0]);
        Should.Throw<ArgumentException>(() => second.LoadStateDict(
            new Dictionary<string, object?> { ["_schedulers"] = new[] { states[0], new Dictionary<string, object?>() } }));
        Text(((IReadOnlyDictionary<string, object?>[])second.StateDict()["_schedulers"]!)[0]).ShouldBe(before);
        Should.Throw<ArgumentException>(() => second.LoadStateDict(new Dictionary<string, object?> { ["_schedulers"] = states[..1] }))
            .Message.ShouldContain("2 schedules");
        Should.Throw<ArgumentException>(() => new ChainedScheduler()).Message.ShouldContain("no schedules");
        Should.Throw<ArgumentException>(() => new ChainedScheduler(new StepLR(whole, 1), new StepLR(half, 1))).Message.ShouldContain("of one optimizer");
    }

    [Fact]
    public void A_state_that_does_not_fit_changes_nothing()
    {
        SGD optimizer = Rated();
        var schedule = new StepLR(optimizer, 2, 0.5);
        schedule.Step();
        IReadOnlyDictionary<string, object?> before = schedule.StateDict();
        void Refused(string key, object? value, string told)
        {
            var state = new Dictionary<string, object?>(before) { ["last_epoch"] = 7, [key] = value };
            Should.Throw<ArgumentException>(() => schedule.LoadStateDict(state)).Message.ShouldContain(told);
            Text(schedule.StateDict()).ShouldBe(Text(before));
        }
        Refused("gamma", -1.0, "gamma");
        Refused("gamma", double.NaN, "gamma");
        Refused("gamma", "half", "StepLR: the option \"gamma\"");
        Refused("step_size", 0, "stepSize");
        Refused("step_size", 1.5, "whole number");
        Refused("base_lrs", new[] { 1.0 }, "2 numbers");
        Refused("base_lrs", new[] { 1.0, double.NaN }, "2 numbers");
        Refused("_last_lr", new[] { 1.0 }, "2 numbers");
        Refused("last_epoch", -1, "last_epoch");
        Refused("last_epoch", 1.5, "last_epoch");
        Refused("milestones", new[] { 1, 2 }, "another schedule");
        Should.Throw<ArgumentException>(() => schedule.LoadStateDict(new MultiStepLR(Rated(), [1]).StateDict())).Message.ShouldContain("milestones");

        var plateau = new ReduceLROnPlateau(optimizer);
        IReadOnlyDictionary<string, object?> calm = plateau.StateDict();
        foreach ((string key, object value) in new (string, object)[]
        {
            ("mode", "most"), ("mode", true), ("threshold_mode", "none"), ("min_lrs", new[] { 0.1, 0.2 }), ("min_lrs", new[] { -1.0, -1 }),
            ("factor", 1.0), ("patience", -1), ("num_bad_epochs", -1), ("best", "good"),
        })
        {
            Should.Throw<ArgumentException>(() => plateau.LoadStateDict(new Dictionary<string, object?>(calm) { ["last_epoch"] = 3, [key] = value }));
            Text(plateau.StateDict()).ShouldBe(Text(calm));
        }
    }

    [Fact]
    public void Options_are_changed_by_a_record()
    {
        SGD optimizer = Rated();
        var schedule = new ExponentialLR(optimizer, new ExponentialLrOptions(0.5));
        schedule.Options = schedule.Options with { Gamma = 0.25 };
        schedule.Step();
        schedule.LastLr.ShouldBe([0.025, 0.125]);
        Should.Throw<ArgumentException>(() => schedule.Options = new ExponentialLrOptions(-1)).Message.ShouldContain("gamma");
        schedule.Options.Gamma.ShouldBe(0.25);
        var milestones = new List<int> { 1 };
        var steps = new MultiStepLR(Rated(), new MultiStepLrOptions(milestones, 0.5));
        milestones[0] = 5;
        steps.Options.ShouldBe(new MultiStepLrOptions([1], 0.5));
        steps.Options.GetHashCode().ShouldBe(new MultiStepLrOptions([1], 0.5).GetHashCode());
        steps.Options.ShouldNotBe(new MultiStepLrOptions([1, 1], 0.5));
        Should.Throw<ArgumentException>(() => steps.Options = steps.Options with { Milestones = null! }).Message.ShouldContain("milestones");
        Should.Throw<ArgumentNullException>(() => new StepLR(Rated(), null!));
    }

    [Fact]
    public void What_was_refused_leaves_the_optimizer_as_it_was()
    {
        SGD optimizer = Rated();
        Should.Throw<ArgumentException>(() => new StepLR(optimizer, 0));
        Should.Throw<FormatException>(() => new LambdaLR(optimizer, _ => throw new FormatException()));
        Should.Throw<InvalidOperationException>(() => new LambdaLR(optimizer, _ => -1));
        optimizer.ParamGroups[0].Options.ContainsKey("initial_lr").ShouldBeFalse();
        optimizer.ParamGroups[0].Lr = 0.3;
        new StepLR(optimizer, 2).BaseLrs.ShouldBe([0.3, 0.5]);
    }

    /// <summary>As in PyTorch, whose rules go over the groups that the optimizer has when they step.</summary>
    [Fact]
    public void A_group_that_is_added_is_scheduled_too()
    {
        SGD optimizer = Rated();
        var schedule = new ExponentialLR(optimizer, 0.5);
        var function = new LambdaLR(optimizer, _ => 1);
        var each = new LambdaLR(optimizer, [_ => 1, _ => 1]);
        optimizer.AddParamGroup(new ParamGroup([Tensor.Ones([1], requiresGrad: true)]) { Lr = 0.8 });
        schedule.Step();
        optimizer.ParamGroups[2].Lr.ShouldBe(0.4);
        optimizer.ParamGroups[2]["initial_lr"].ShouldBe(0.8);
        schedule.BaseLrs.ShouldBe([0.1, 0.5, 0.8]);
        function.Step();
        optimizer.ParamGroups[2].Lr.ShouldBe(0.8);
        Should.Throw<InvalidOperationException>(each.Step).Message.ShouldContain("group 2 was added");
    }

    private record WaveOptions(int Period = 4);

    private sealed record DampedOptions(int Period = 4, double Damping = 0.5, bool Rising = false) : WaveOptions(Period);

    private class Wave : LRScheduler<WaveOptions>
    {
        public Wave(Optimizer optimizer, WaveOptions options) : base(optimizer, options) => Step();

        public int Told { get; set; }

        protected override void Check(WaveOptions options)
        {
            if (options.Period < 1) throw new ArgumentOutOfRangeException("period");
        }

        protected override double Next(double lr, double baseLr, int epoch, int group) =>
            baseLr * (1 + epoch % Options.Period + Told) * (Options is DampedOptions damped ? damped.Damping : 1);

        protected override void SaveState(IDictionary<string, object?> state) => state["told"] = Told;

        protected override void LoadState(IReadOnlyDictionary<string, object?> state) => Told = (int)state["told"]!;
    }

    private sealed class Clash(Optimizer optimizer) : LRScheduler(optimizer)
    {
        protected override double Next(double lr, double baseLr, int epoch, int group) => lr;

        protected override void SaveState(IDictionary<string, object?> state) => state["last_epoch"] = 3;
    }

    /// <summary>Also of a record that derives from the one that the schedule names.</summary>
    [Fact]
    public void Ones_own_schedule_keeps_its_options_and_what_it_remembers()
    {
        var first = new Wave(Rated(), new DampedOptions(3, 0.25, true)) { Told = 2 };
        first.Step();
        IReadOnlyDictionary<string, object?> state = first.StateDict();
        (state["period"], state["damping"], state["rising"], state["told"]).ShouldBe((3, 0.25, true, 2));
        var second = new Wave(Rated(), new DampedOptions());
        second.LoadStateDict(state);
        (second.Options, second.Told, second.LastEpoch).ShouldBe((new DampedOptions(3, 0.25, true), 2, 1));
        Should.Throw<ArgumentException>(() => second.Options = new WaveOptions()).Message.ShouldContain("DampedOptions");
        Should.Throw<ArgumentException>(() => second.LoadStateDict(new Dictionary<string, object?>(state) { ["period"] = 0 }));
        second.Told.ShouldBe(2);
        Should.Throw<InvalidOperationException>(() => new Clash(Rated()).StateDict()).Message.ShouldContain("\"last_epoch\" is saved already");
    }
}
