namespace Adjoint.Optim;

/// <summary>Changes the learning rates of an optimizer from epoch to epoch.</summary>
/// <remarks>
/// The rule of a schedule makes the next rate of a group out of the present one, so that several schedules can act on one optimizer.
/// Making a schedule keeps each group's rate as its option <c>initial_lr</c> and applies the rule to epoch 0.
/// </remarks>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// var schedule = new StepLR(optimizer, stepSize: 30, gamma: 0.1);
/// for (int epoch = 0; epoch &lt; 3; epoch++)
/// {
///     optimizer.Step();                       // for each batch
///     schedule.Step();
/// }
/// </code></example>
public abstract class LRScheduler
{
    private readonly Optimizer _optimizer;

    /// <summary>Keeps the initial rates.</summary>
    protected LRScheduler(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        _optimizer = optimizer;
        foreach (ParamGroup group in optimizer.ParamGroups)
            if (!group.Options.ContainsKey("initial_lr")) group.Options.Add("initial_lr", group.Lr);
        BaseLrs = [.. optimizer.ParamGroups.Select(group => group.Number("initial_lr"))];
    }

    /// <summary>The rates of the groups before any schedule.</summary>
    public IReadOnlyList<double> BaseLrs { get; private set; }

    /// <summary>The epoch the present rates are for, from 0.</summary>
    public int LastEpoch { get; private set; } = -1;

    /// <summary>The present rates of the groups.</summary>
    public IReadOnlyList<double> LastLr => [.. _optimizer.ParamGroups.Select(group => group.Lr)];

    /// <summary>Goes on to the next epoch. Call it after the epoch's last <see cref="Optimizer.Step()"/>.</summary>
    public void Step()
    {
        UserCode.CheckStack();
        int epoch = LastEpoch + 1;
        var rates = new double[BaseLrs.Count];
        for (int i = 0; i < rates.Length; i++)
        {
            rates[i] = Next(_optimizer.ParamGroups[i].Lr, BaseLrs[i], epoch, i);
            if (!Interval.NotNegative.Contains(rates[i]))
                throw new InvalidOperationException(
                    $"{GetType().Name}: the learning rate of group {i} would be {rates[i]} in epoch {epoch}; it must be "
                    + $"{Interval.NotNegative}.");
        }
        LastEpoch = epoch;
        for (int i = 0; i < rates.Length; i++) _optimizer.ParamGroups[i].Lr = rates[i];
    }

    /// <summary>The rate of an epoch.</summary>
    /// <param name="lr">The present rate.</param>
    /// <param name="baseLr">The rate before any schedule.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="group">The number of the group.</param>
    protected abstract double Next(double lr, double baseLr, int epoch, int group);

    /// <summary>
    /// What the schedule remembers, for saving: <c>last_epoch</c>, <c>base_lrs</c>, and what <see cref="SaveState"/> adds. The present
    /// rates are the optimizer's.
    /// </summary>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        var state =
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["last_epoch"] = LastEpoch, ["base_lrs"] = BaseLrs.ToArray() };
        SaveState(state);
        return state;
    }

    /// <summary>Continues from a saved state. Load that of the optimizer too, which has the rates.</summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; the epoch and rates are as before then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        state.Given();
        if (!state.TryGetValue("last_epoch", out object? epoch) || epoch is not int last || last < 0)
            throw new ArgumentException($"{GetType().Name}: the state has no whole number \"last_epoch\" of at least 0.", nameof(state));
        if (!state.TryGetValue("base_lrs", out object? rates) || rates is not IEnumerable<double> given
            || given.ToArray() is var initial && initial.Length != BaseLrs.Count)
            throw new ArgumentException(
                $"{GetType().Name}: the state has not the {BaseLrs.Count} numbers \"base_lrs\", one for each parameter group.",
                nameof(state));
        LoadState(state);
        (LastEpoch, BaseLrs) = (last, initial);
    }

    /// <summary>Adds what a schedule of one's own remembers from epoch to epoch. <see cref="LoadState"/> takes it back.</summary>
    protected virtual void SaveState(IDictionary<string, object?> state)
    {
    }

    /// <summary>
    /// Takes back what <see cref="SaveState"/> has added; throws an <see cref="ArgumentException"/> where it does not fit.
    /// </summary>
    protected virtual void LoadState(IReadOnlyDictionary<string, object?> state)
    {
    }
}
