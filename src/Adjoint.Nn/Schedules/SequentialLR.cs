using Adjoint.Training;

namespace Adjoint.Optim;

/// <summary>Several schedules of one optimizer, one after the other: warm up by one, fall by another.</summary>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// var schedule = new SequentialLR(optimizer, [new LinearLR(optimizer, totalIters: 5), new ExponentialLR(optimizer, gamma: 0.9)], [5]);
/// </code></example>
public sealed class SequentialLR : LRScheduler
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
        : base(optimizer)
    {
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
        Step();
    }

    // The rates of the groups by the present schedule.
    private protected override IReadOnlyList<double> LastRates => _schedules[Present].LastLr;

    private int Present => _milestones.Count(milestone => milestone <= LastEpoch);

    private protected override void Advance()
    {
        int before = LastEpoch;
        LastEpoch++;
        LRScheduler schedule = _schedules[Present];
        try
        {
            if (LastEpoch == 0 || Array.IndexOf(_milestones, LastEpoch) >= 0) schedule.Begin();
            schedule.Step();
        }
        catch
        {
            LastEpoch = before;
            throw;
        }
    }

    internal override void Begin()
    {
        LastEpoch = -1;
        _schedules[0].Begin();
    }

    /// <summary>The rate as it is: the schedules make it.</summary>
    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => lr;

    // By PyTorch's names.
    private protected override IReadOnlyDictionary<string, object?> Saved() => new OrderedDictionary<string, object?>
    {
        ["_schedulers"] = ChainedScheduler.SavedOf(_schedules),
        ["_milestones"] = _milestones.ToArray(),
        ["last_epoch"] = LastEpoch,
        ["_last_lr"] = LastLr.ToArray(),
    };

    private protected override void Restore(IReadOnlyDictionary<string, object?> state)
    {
        int last = States.Whole(state, "last_epoch", nameof(SequentialLR));
        if (!state.TryGetValue("_milestones", out object? saved) || States.Wholes(saved) is not { } milestones
            || !milestones.SequenceEqual(_milestones))
            throw new ArgumentException(
                $"SequentialLR: the state has not the milestones [{string.Join(", ", _milestones)}] as \"_milestones\".", nameof(state));
        ChainedScheduler.RestoreAll(_schedules, state, nameof(SequentialLR));
        LastEpoch = last;
    }
}
