namespace Adjoint.Optim;

/// <summary>Several schedules of one optimizer that step together.</summary>
public sealed class ChainedScheduler
{
    private readonly LRScheduler[] _schedules;

    /// <summary>Keeps the schedules, which have applied themselves to epoch 0.</summary>
    /// <param name="schedules">The schedules, in the order of their steps.</param>
    /// <exception cref="ArgumentException">There is none, or they are of several optimizers.</exception>
    public ChainedScheduler(params LRScheduler[] schedules)
    {
        _schedules = schedules.Elements();
        if (_schedules.Length == 0) throw new ArgumentException("ChainedScheduler: got no schedules.", nameof(schedules));
        if (Array.Exists(_schedules, s => !ReferenceEquals(s.Optimizer, _schedules[0].Optimizer)))
            throw new ArgumentException(
                "ChainedScheduler: the schedules must be of one optimizer, but they are of several.", nameof(schedules));
    }

    /// <summary>The rates of the groups after the last schedule's step.</summary>
    public IReadOnlyList<double> LastLr => _schedules[^1].LastLr;

    /// <summary>Goes on to the next epoch with every schedule.</summary>
    public void Step()
    {
        foreach (LRScheduler schedule in _schedules) schedule.Step();
    }

    /// <summary>What the schedules remember, for saving: their states as <c>_schedulers</c>, in order, and <c>_last_lr</c>.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["_schedulers"] = Array.ConvertAll(_schedules, schedule => schedule.StateDict()),
        ["_last_lr"] = LastLr.ToArray(),
    };

    /// <summary>Continues from a saved state. Load that of the optimizer too, which has the rates.</summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        if (!state.Given().TryGetValue("_schedulers", out object? saved)
            || saved is not IEnumerable<IReadOnlyDictionary<string, object?>> given
            || given.ToArray() is var states && states.Length != _schedules.Length)
            throw new ArgumentException(
                $"ChainedScheduler: the state has not the states of {_schedules.Length} schedules as \"_schedulers\".", nameof(state));
        IReadOnlyDictionary<string, object?>[] before = Array.ConvertAll(_schedules, schedule => schedule.StateDict());
        int loaded = 0;
        try
        {
            for (; loaded < states.Length; loaded++) _schedules[loaded].LoadStateDict(states[loaded]);
        }
        catch
        {
            for (int i = 0; i < loaded; i++) _schedules[i].LoadStateDict(before[i]);
            throw;
        }
    }
}
