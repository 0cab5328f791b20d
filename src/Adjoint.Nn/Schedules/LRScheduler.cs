using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Optim;

/// <summary>Changes the learning rates of an optimizer from epoch to epoch.</summary>
/// <remarks>
/// The rule of a schedule makes the next rate of a group out of the present one, so that several schedules can act on one optimizer.
/// The first step, which the constructor of a schedule makes, keeps each group's rate as its option <c>initial_lr</c> and applies the rule
/// to epoch 0. One's own derives from <see cref="LRScheduler{TOptions}"/>, or from this where it has no numbers to save.
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
public abstract class LRScheduler : IStateful
{
    private readonly Optimizer _optimizer;
    private double[] _baseLrs, _lastLr;

    /// <summary>Reads the initial rates.</summary>
    protected LRScheduler(Optimizer optimizer)
    {
        _optimizer = optimizer.Given();
        _baseLrs = [.. optimizer.ParamGroups.Select(BaseLr)];
        _lastLr = Present();
    }

    /// <summary>The rates of the groups before any schedule.</summary>
    public IReadOnlyList<double> BaseLrs => _baseLrs.AsReadOnly();

    /// <summary>The epoch the present rates are for, from 0.</summary>
    public int LastEpoch { get; private protected set; } = -1;

    /// <summary>The rates of the groups as this schedule has set them last. (Another one, or a user, may have changed them.)</summary>
    public IReadOnlyList<double> LastLr => LastRates;

    private protected virtual IReadOnlyList<double> LastRates => _lastLr.AsReadOnly();

    /// <summary>Replaces the rates before any schedule, for a schedule that decides them itself.</summary>
    private protected void TakeBaseLrs(double[] rates) => _baseLrs = rates;

    /// <summary>Whose rates these are.</summary>
    internal Optimizer Optimizer => _optimizer;

    /// <summary>
    /// Goes on to the next epoch. Call it after the epoch's last <see cref="Optimizer.Step()"/>. Groups that were added to the optimizer
    /// are scheduled from here on; their initial rate is the present one.
    /// </summary>
    /// <exception cref="InvalidOperationException">A rate would be negative, infinite or NaN; nothing is changed then.</exception>
    public void Step()
    {
        UserCode.CheckStack();
        Advance();
    }

    /// <summary>Goes on to the next epoch; a schedule that is made of others has them go on.</summary>
    private protected virtual void Advance()
    {
        IReadOnlyList<ParamGroup> groups = _optimizer.ParamGroups;
        int epoch = LastEpoch + 1;
        double[] initial = [.. _baseLrs, .. groups.Skip(_baseLrs.Length).Select(BaseLr)];
        var rates = new double[initial.Length];
        for (int i = 0; i < rates.Length; i++)
        {
            rates[i] = Next(groups[i].Lr, initial[i], epoch, i);
            if (!Interval.NotNegative.Contains(rates[i]))
                throw new InvalidOperationException(
                    $"{TypeText.Of(GetType())}: the learning rate of group {i} would be {rates[i]} in epoch {epoch}; it must be "
                    + $"{Interval.NotNegative}.");
        }
        (LastEpoch, _baseLrs, _lastLr) = (epoch, initial, rates);
        for (int i = 0; i < rates.Length; i++)
        {
            if (!groups[i].Options.ContainsKey("initial_lr")) groups[i].Options.Add("initial_lr", initial[i]);
            groups[i].Lr = rates[i];
            Applied(groups[i], i, epoch);
        }
    }

    /// <summary>Sets what else than the rate the schedule changes in a group.</summary>
    private protected virtual void Applied(ParamGroup group, int number, int epoch)
    {
    }

    /// <summary>Goes back to before epoch 0: the rates are those before any schedule.</summary>
    internal virtual void Begin()
    {
        LastEpoch = -1;
        for (int i = 0; i < _baseLrs.Length; i++) _optimizer.ParamGroups[i].Lr = _baseLrs[i];
    }

    /// <summary>The rate of an epoch.</summary>
    /// <param name="lr">The present rate.</param>
    /// <param name="baseLr">The rate before any schedule.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="group">The number of the group.</param>
    protected abstract double Next(double lr, double baseLr, int epoch, int group);

    /// <summary>
    /// What the schedule is and remembers, for saving, by PyTorch's names: its options, <c>base_lrs</c>, <c>last_epoch</c>,
    /// <c>_step_count</c>, <c>_last_lr</c>, and what <see cref="SaveState"/> adds.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="SaveState"/> adds what is there already.</exception>
    public IReadOnlyDictionary<string, object?> StateDict() => Saved();

    private protected virtual IReadOnlyDictionary<string, object?> Saved()
    {
        var state = new OrderedDictionary<string, object?>(SavedOptions)
        {
            ["base_lrs"] = _baseLrs.Clone(),
            ["last_epoch"] = LastEpoch,
            ["_step_count"] = LastEpoch + 1,
            ["_last_lr"] = _lastLr.Clone(),
        };
        foreach ((string name, object? value) in Own())
            if (!state.TryAdd(name, value))
                throw new InvalidOperationException(
                    $"{TypeText.Of(GetType())}.SaveState: \"{name}\" is saved already, by the schedule itself. Take another name.");
        return state;
    }

    /// <summary>
    /// Continues from a saved state: with its options, which may be others than those that the schedule was made with. Load that of the
    /// optimizer too, which has the rates. Options that the state does not have stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">Something is missing, does not fit, or is of another schedule; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        Restore(state.Given());
    }

    private protected virtual void Restore(IReadOnlyDictionary<string, object?> state)
    {
        if (!state.TryGetValue("last_epoch", out object? epoch) || States.Whole(epoch) is not { } last)
            throw new ArgumentException($"{TypeText.Of(GetType())}: the state has no whole number \"last_epoch\" of at least 0.", nameof(state));
        double[] initial = Rates(state, "base_lrs")
            ?? throw new ArgumentException(
                $"{TypeText.Of(GetType())}: the state has not the {_optimizer.ParamGroups.Count} numbers \"base_lrs\", one for each parameter group.",
                nameof(state));
        // The first states did not have them.
        double[]? rates = state.ContainsKey("_last_lr")
            ? Rates(state, "_last_lr")
                ?? throw new ArgumentException(
                    $"{TypeText.Of(GetType())}: \"_last_lr\" of the state are not {_optimizer.ParamGroups.Count} numbers.", nameof(state))
            : Present();
        CheckIsOwn(state);
        object? options = OptionsIn(state);
        LoadState(state);
        Take(options);
        (LastEpoch, _baseLrs, _lastLr) = (last, initial, rates);
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

    /// <summary>The options by their names, for saving.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, object?>> SavedOptions => [];

    /// <summary>The present options with those of a state, checked.</summary>
    private protected virtual object? OptionsIn(IReadOnlyDictionary<string, object?> state) => null;

    /// <summary>Takes options that were checked.</summary>
    private protected virtual void Take(object? options)
    {
    }

    private static double BaseLr(ParamGroup group) => group.Number(group.Options.ContainsKey("initial_lr") ? "initial_lr" : "lr");

    private double[] Present() => [.. _optimizer.ParamGroups.Select(group => group.Lr)];

    private Dictionary<string, object?> Own()
    {
        var own = new Dictionary<string, object?>(StringComparer.Ordinal);
        SaveState(own);
        return own;
    }

    // Who saves something of its own may have left some of it out; all others know every name. PyTorch's states have a few more.
    private void CheckIsOwn(IReadOnlyDictionary<string, object?> state)
    {
        if (Own().Count > 0) return;
        HashSet<string> known = ["base_lrs", "last_epoch", "verbose", "lr_lambdas", .. SavedOptions.Select(o => o.Key)];
        if (state.Keys.FirstOrDefault(name => !name.StartsWith('_') && !known.Contains(name)) is { } other)
            throw new ArgumentException(
                $"{TypeText.Of(GetType())}: the state is that of another schedule: it has \"{other}\", which this one does not know.", nameof(state));
    }

    private double[]? Rates(IReadOnlyDictionary<string, object?> state, string name) =>
        state.TryGetValue(name, out object? rates) && States.Numbers(rates) is { } found
            && found.Length == _optimizer.ParamGroups.Count && Array.TrueForAll(found, Interval.NotNegative.Contains)
            ? found : null;
}
