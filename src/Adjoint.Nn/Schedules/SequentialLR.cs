namespace Adjoint.Optim;

/// <summary>Several schedules of one optimizer, one after the other: warm up by one, fall by another.</summary>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// var schedule = new SequentialLR(optimizer, [new LinearLR(optimizer, totalIters: 5), new ExponentialLR(optimizer, gamma: 0.9)], [5]);
/// </code></example>
public sealed class SequentialLR
{
    private readonly LRScheduler[] _schedules;
    private readonly int[] _milestones;

    /// <summary>Applies the first schedule to epoch 0, on the rates before any schedule.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="schedules">The schedules, in order.</param>
    /// <param name="milestones">The epoch with which each but the first begins, by its own epoch 0; in ascending order.</param>
    /// <exception cref="ArgumentException">There is no schedule, they are of another optimizer, or the milestones are not one fewer and
    /// ascending.</exception>
    public SequentialLR(Optimizer optimizer, IReadOnlyList<LRScheduler> schedules, IReadOnlyList<int> milestones)
    {
        optimizer.Given();
        _schedules = schedules.Elements();
        _milestones = [.. milestones.Given()];
        if (_schedules.Length == 0) throw new ArgumentException("SequentialLR: got no schedules.", nameof(schedules));
        if (Array.Exists(_schedules, s => !ReferenceEquals(s.Optimizer, optimizer)))
            throw new ArgumentException("SequentialLR: the schedules must be of the optimizer that is given.", nameof(schedules));
        if (_milestones.Length != _schedules.Length - 1)
            throw new ArgumentException(
                $"SequentialLR: {_schedules.Length} schedules have {_schedules.Length - 1} milestones between them, but {_milestones.Length} "
                + "are given.", nameof(milestones));
        for (int i = 0; i < _milestones.Length; i++)
            if (_milestones[i] <= (i == 0 ? 0 : _milestones[i - 1]))
                throw new ArgumentException($"SequentialLR: the milestones [{string.Join(", ", _milestones)}] must be above 0 and ascend.",
                    nameof(milestones));
        // Each has applied itself to its epoch 0 when it was made.
        _schedules[0].Begin();
        _schedules[0].Step();
    }

    /// <summary>The epoch the present rates are for, from 0.</summary>
    public int LastEpoch { get; private set; }

    /// <summary>The rates of the groups.</summary>
    public IReadOnlyList<double> LastLr => _schedules[Present].LastLr;

    private int Present => _milestones.Count(milestone => milestone <= LastEpoch);

    /// <summary>Goes on to the next epoch. Call it after the epoch's last <see cref="Optimizer.Step()"/>.</summary>
    public void Step()
    {
        LastEpoch++;
        LRScheduler schedule = _schedules[Present];
        if (Array.IndexOf(_milestones, LastEpoch) >= 0) schedule.Begin();
        schedule.Step();
    }

    /// <summary>What the schedules remember, for saving: their states as <c>_schedulers</c>, in order, <c>_milestones</c>,
    /// <c>last_epoch</c> and <c>_last_lr</c>.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["_schedulers"] = Array.ConvertAll(_schedules, schedule => schedule.StateDict()),
        ["_milestones"] = _milestones.ToArray(),
        ["last_epoch"] = LastEpoch,
        ["_last_lr"] = LastLr.ToArray(),
    };

    /// <summary>Continues from a saved state, of the same milestones. Load that of the optimizer too, which has the rates.</summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        state.Given();
        if (!state.TryGetValue("last_epoch", out object? epoch) || LRScheduler.Whole(epoch) is not { } last)
            throw new ArgumentException("SequentialLR: the state has no whole number \"last_epoch\" of at least 0.", nameof(state));
        if (!state.TryGetValue("_milestones", out object? saved) || saved is not IEnumerable<int> milestones
            || !milestones.SequenceEqual(_milestones))
            throw new ArgumentException(
                $"SequentialLR: the state has not the milestones [{string.Join(", ", _milestones)}] as \"_milestones\".", nameof(state));
        new ChainedScheduler(_schedules).LoadStateDict(state);
        LastEpoch = last;
    }
}
