using Adjoint.Training;

namespace Adjoint.Optim;

/// <summary>Several schedules of one optimizer that step together.</summary>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// LRScheduler schedule = new ChainedScheduler(new ConstantLR(optimizer, totalIters: 2), new ExponentialLR(optimizer, gamma: 0.9));
/// schedule.Step();
/// </code></example>
public sealed class ChainedScheduler : LRScheduler
{
    private readonly LRScheduler[] _schedules;

    /// <summary>Keeps the schedules, which have applied themselves to epoch 0.</summary>
    /// <param name="schedules">The schedules, in the order of their steps.</param>
    /// <exception cref="ArgumentException">There is none, or they are of several optimizers.</exception>
    public ChainedScheduler(params LRScheduler[] schedules) : base(OneOf(schedules, nameof(schedules)))
    {
        _schedules = [.. schedules];
        LastEpoch = _schedules[0].LastEpoch;
    }

    private static Optimizer OneOf(LRScheduler[] schedules, string given)
    {
        LRScheduler[] all = schedules.Elements(given);
        if (all.Length == 0) throw new ArgumentException("ChainedScheduler: got no schedules.", given);
        if (Array.Exists(all, s => !ReferenceEquals(s.Optimizer, all[0].Optimizer)))
            throw new ArgumentException("ChainedScheduler: the schedules must be of one optimizer, but they are of several.", given);
        return all[0].Optimizer;
    }

    // The rates of the groups after the last schedule's step.
    private protected override IReadOnlyList<double> LastRates => _schedules[^1].LastLr;

    private protected override void Advance()
    {
        foreach (LRScheduler schedule in _schedules) schedule.Step();
        LastEpoch = _schedules[0].LastEpoch;
    }

    internal override void Begin()
    {
        foreach (LRScheduler schedule in _schedules) schedule.Begin();
        LastEpoch = -1;
    }

    /// <summary>The rate as it is: the schedules make it.</summary>
    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => lr;

    // By PyTorch's names.
    private protected override IReadOnlyDictionary<string, object?> Saved() => new OrderedDictionary<string, object?>
    {
        ["_schedulers"] = SavedOf(_schedules),
        ["_last_lr"] = LastLr.ToArray(),
    };

    private protected override void Restore(IReadOnlyDictionary<string, object?> state)
    {
        RestoreAll(_schedules, state, nameof(ChainedScheduler));
        LastEpoch = _schedules[0].LastEpoch;
    }

    /// <summary>The states of several schedules.</summary>
    internal static IReadOnlyDictionary<string, object?>[] SavedOf(LRScheduler[] schedules) =>
        Array.ConvertAll(schedules, schedule => schedule.StateDict());

    /// <summary>Has several schedules continue from their states; all of them or none.</summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; nothing is changed then.</exception>
    internal static void RestoreAll(LRScheduler[] schedules, IReadOnlyDictionary<string, object?> state, string whose)
    {
        if (!state.TryGetValue("_schedulers", out object? saved) || States.AllNamed(saved) is not { } states
            || states.Length != schedules.Length)
            throw new ArgumentException(
                $"{whose}: the state has not the states of {schedules.Length} schedules as \"_schedulers\".", nameof(state));
        IReadOnlyDictionary<string, object?>[] before = SavedOf(schedules);
        int loaded = 0;
        try
        {
            for (; loaded < states.Length; loaded++) schedules[loaded].LoadStateDict(states[loaded]);
        }
        catch
        {
            for (int i = 0; i < loaded; i++) schedules[i].LoadStateDict(before[i]);
            throw;
        }
    }
}
