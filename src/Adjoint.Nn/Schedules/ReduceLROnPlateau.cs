using Adjoint.Training;

namespace Adjoint.Optim;

/// <summary>Multiplies the rates by a factor when a metric has not improved for a number of epochs.</summary>
public sealed class ReduceLROnPlateau : IStateful
{
    private static readonly OptionView s_view = OptionView.Of<ReduceLrOnPlateauOptions>();

    private readonly Optimizer _optimizer;
    private ReduceLrOnPlateauOptions _options;
    private double _best;
    private int _bad, _cooling, _epoch;

    /// <summary>Makes the schedule; the rates stay until a metric says otherwise.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="maximize">Whether a larger metric is better.</param>
    /// <param name="factor">What the rates are multiplied by; in [0, 1).</param>
    /// <param name="patience">How many epochs without improvement are put up with; at least 0.</param>
    /// <param name="threshold">What counts as an improvement; at least 0.</param>
    /// <param name="relative">Whether the threshold is a fraction of the best metric, or a difference.</param>
    /// <param name="cooldown">How many epochs after a reduction are not counted; at least 0.</param>
    /// <param name="minLr">The least rate; at least 0.</param>
    /// <param name="eps">The least change of a rate that is made; at least 0.</param>
    public ReduceLROnPlateau(
        Optimizer optimizer, bool maximize = false, double factor = 0.1, int patience = 10, double threshold = 1e-4, bool relative = true,
        int cooldown = 0, double minLr = 0, double eps = 1e-8)
        : this(optimizer, new ReduceLrOnPlateauOptions(maximize, factor, patience, threshold, relative, cooldown, minLr, eps))
    {
    }

    /// <summary>Makes the schedule by a record of options; the rates stay until a metric says otherwise.</summary>
    public ReduceLROnPlateau(Optimizer optimizer, ReduceLrOnPlateauOptions options)
    {
        (_optimizer, _options) = (optimizer.Given(), Checked(options.Given()));
        _best = Worst(options);
    }

    /// <summary>The options: <c>schedule.Options = schedule.Options with { Patience = 3 }</c> changes them from the next step on.</summary>
    /// <exception cref="ArgumentException">Set to options that make no sense; they are as before then.</exception>
    public ReduceLrOnPlateauOptions Options { get => _options; set => _options = Checked(value.Given()); }

    /// <summary>How many steps were made.</summary>
    public int LastEpoch => _epoch;

    /// <summary>The present rates of the groups.</summary>
    public IReadOnlyList<double> LastLr => [.. _optimizer.ParamGroups.Select(group => group.Lr)];

    /// <summary>Goes on to the next epoch.</summary>
    /// <param name="metric">The metric of the epoch that ended.</param>
    public void Step(double metric)
    {
        _epoch++;
        if (IsBetter(metric)) (_best, _bad) = (metric, 0);
        else _bad++;
        if (_cooling > 0)
        {
            _cooling--;
            _bad = 0;
        }
        if (_bad <= _options.Patience) return;
        foreach (ParamGroup group in _optimizer.ParamGroups)
        {
            double lr = Math.Max(group.Lr * _options.Factor, _options.MinLr);
            if (group.Lr - lr > _options.Eps) group.Lr = lr;
        }
        (_cooling, _bad) = (_options.Cooldown, 0);
    }

    /// <summary>Goes on to the next epoch.</summary>
    /// <param name="metric">The metric of the epoch that ended, one number: a loss.</param>
    /// <exception cref="ShapeException">There is more than one element, or none.</exception>
    public void Step(Tensor metric) => Step(metric.Given().NumEl == 1 ? metric.Item()
        : throw new ShapeException($"ReduceLROnPlateau.Step: the metric must be one number, but has the shape {metric.Shape}."));

    /// <summary>
    /// What the schedule is and remembers, for saving, by PyTorch's names: its options (<c>mode</c> is "min" or "max",
    /// <c>threshold_mode</c> "rel" or "abs"), <c>best</c>, <c>num_bad_epochs</c>, <c>cooldown_counter</c>, <c>last_epoch</c>.
    /// </summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["mode"] = _options.Maximize ? "max" : "min",
        ["mode_worse"] = Worst(_options),
        ["factor"] = _options.Factor,
        ["patience"] = _options.Patience,
        ["threshold"] = _options.Threshold,
        ["threshold_mode"] = _options.Relative ? "rel" : "abs",
        ["cooldown"] = _options.Cooldown,
        ["min_lrs"] = _optimizer.ParamGroups.Select(_ => _options.MinLr).ToArray(),
        ["eps"] = _options.Eps,
        ["best"] = _best,
        ["num_bad_epochs"] = _bad,
        ["cooldown_counter"] = _cooling,
        ["last_epoch"] = _epoch,
        ["_last_lr"] = LastLr.ToArray(),
    };

    /// <summary>
    /// Continues from a saved state: with its options, which may be others than those that the schedule was made with. Load that of the
    /// optimizer too, which has the rates. Options that the state does not have stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">Something is missing or does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        T Read<T>(string name) => state.TryGetValue(name, out object? value) && value is T read ? read
            : throw new ArgumentException($"ReduceLROnPlateau: the state has no {typeof(T).Name} \"{name}\".", nameof(state));
        int Count(string name) => States.Whole(Read<object>(name))
            ?? throw new ArgumentException($"ReduceLROnPlateau: \"{name}\" must be a whole number of at least 0.", nameof(state));
        bool Flag(string name, string yes, string no, bool present) => !state.ContainsKey(name) ? present
            : Read<string>(name) is var word && (word == yes || word == no) ? word == yes
            : throw new ArgumentException(
                $"ReduceLROnPlateau: \"{name}\" must be \"{yes}\" or \"{no}\", but is \"{word}\".", nameof(state));

        state.Given();
        // The first states had neither options nor the epoch.
        ReduceLrOnPlateauOptions options = _options with
        {
            Maximize = Flag("mode", "max", "min", _options.Maximize),
            Relative = Flag("threshold_mode", "rel", "abs", _options.Relative),
            MinLr = state.ContainsKey("min_lrs") ? OneOf(States.Numbers(Read<object>("min_lrs")) ?? []) : _options.MinLr,
        };
        options = Checked((ReduceLrOnPlateauOptions)s_view.With(nameof(ReduceLROnPlateau), options, state));
        double best = OptionView.Number(Read<object>("best"), "best", nameof(ReduceLROnPlateau));
        (_best, _bad, _cooling, _epoch, _options) = (best, Count("num_bad_epochs"), Count("cooldown_counter"),
            state.ContainsKey("last_epoch") ? Count("last_epoch") : _epoch, options);
    }

    private static double OneOf(IEnumerable<double> rates) => rates.Distinct().ToArray() is [var rate] ? rate
        : throw new ArgumentException(
            $"ReduceLROnPlateau: \"min_lrs\" must be one least rate for all groups, but are {string.Join(", ", rates)}.", "state");

    private static double Worst(ReduceLrOnPlateauOptions options) =>
        options.Maximize ? double.NegativeInfinity : double.PositiveInfinity;

    private static ReduceLrOnPlateauOptions Checked(ReduceLrOnPlateauOptions options)
    {
        options.Factor.In(Interval.Kept, "factor");
        options.Threshold.In(Interval.NotNegative, "threshold");
        options.MinLr.In(Interval.NotNegative, "minLr");
        options.Eps.In(Interval.NotNegative, "eps");
        options.Patience.AtLeast(0, "patience");
        options.Cooldown.AtLeast(0, "cooldown");
        return options;
    }

    private bool IsBetter(double metric)
    {
        double margin = _options.Relative ? Math.Abs(_best) * _options.Threshold : _options.Threshold;
        if (double.IsInfinity(_best)) return !double.IsNaN(metric);
        return _options.Maximize ? metric > _best + margin : metric < _best - margin;
    }
}
