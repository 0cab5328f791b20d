namespace Adjoint.Optim;

/// <summary>Multiplies the rates by a factor when a metric has not improved for a number of epochs.</summary>
public sealed class ReduceLROnPlateau
{
    private const double Eps = 1e-8;

    private readonly Optimizer _optimizer;
    private readonly double _factor, _threshold, _minLr;
    private readonly int _patience, _cooldown;
    private readonly bool _maximize, _relative;
    private double _best;
    private int _bad, _cooling;

    /// <summary>Makes the schedule; the rates stay until a metric says otherwise.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="maximize">Whether a larger metric is better.</param>
    /// <param name="factor">What the rates are multiplied by; in [0, 1).</param>
    /// <param name="patience">How many epochs without improvement are put up with; at least 0.</param>
    /// <param name="threshold">What counts as an improvement; at least 0.</param>
    /// <param name="relative">Whether the threshold is a fraction of the best metric, or a difference.</param>
    /// <param name="cooldown">How many epochs after a reduction are not counted; at least 0.</param>
    /// <param name="minLr">The least rate; at least 0.</param>
    public ReduceLROnPlateau(
        Optimizer optimizer, bool maximize = false, double factor = 0.1, int patience = 10, double threshold = 1e-4, bool relative = true,
        int cooldown = 0, double minLr = 0)
    {
        optimizer.Given();
        (_optimizer, _maximize, _relative) = (optimizer, maximize, relative);
        (_factor, _threshold, _minLr) = (factor.In(Interval.Kept), threshold.In(Interval.NotNegative), minLr.In(Interval.NotNegative));
        (_patience, _cooldown) = (patience.AtLeast(0), cooldown.AtLeast(0));
        _best = maximize ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>Goes on to the next epoch.</summary>
    /// <param name="metric">The metric of the epoch that ended.</param>
    public void Step(double metric)
    {
        if (IsBetter(metric)) (_best, _bad) = (metric, 0);
        else _bad++;
        if (_cooling > 0)
        {
            _cooling--;
            _bad = 0;
        }
        if (_bad <= _patience) return;
        foreach (ParamGroup group in _optimizer.ParamGroups)
        {
            double lr = Math.Max(group.Lr * _factor, _minLr);
            if (group.Lr - lr > Eps) group.Lr = lr;
        }
        (_cooling, _bad) = (_cooldown, 0);
    }

    /// <summary>What the schedule remembers, for saving: <c>best</c>, <c>num_bad_epochs</c> and <c>cooldown_counter</c>.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["best"] = _best,
            ["num_bad_epochs"] = _bad,
            ["cooldown_counter"] = _cooling
        };

    /// <summary>Continues from a saved state. Load that of the optimizer too, which has the rates.</summary>
    /// <exception cref="ArgumentException">Something is missing or is no number; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        T Read<T>(string name) => state.Given().TryGetValue(name, out object? value) && value is T read ? read
            : throw new ArgumentException($"ReduceLROnPlateau: the state has no {typeof(T).Name} \"{name}\".", nameof(state));
        (_best, _bad, _cooling) = (Read<double>("best"), Read<int>("num_bad_epochs"), Read<int>("cooldown_counter"));
    }

    private bool IsBetter(double metric)
    {
        double margin = _relative ? Math.Abs(_best) * _threshold : _threshold;
        if (double.IsInfinity(_best)) return !double.IsNaN(metric);
        return _maximize ? metric > _best + margin : metric < _best - margin;
    }
}
