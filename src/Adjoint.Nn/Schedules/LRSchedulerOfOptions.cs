using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Optim;

/// <summary>A schedule with typed options, which are saved with it: the base of ours, and of one's own.</summary>
/// <typeparam name="TOptions">The options, a record of numbers and flags.</typeparam>
/// <example><code>
/// sealed record SawtoothOptions(int Period = 10, double Low = 0.1);
///
/// sealed class Sawtooth : LRScheduler&lt;SawtoothOptions&gt;
/// {
///     public Sawtooth(Optimizer optimizer, SawtoothOptions options) : base(optimizer, options) => Step();
///
///     protected override void Check(SawtoothOptions options)
///     {
///         if (options.Period &lt; 1) throw new ArgumentOutOfRangeException("period", options.Period, "It must be at least 1.");
///     }
///
///     protected override double Next(double lr, double baseLr, int epoch, int group) =>
///         baseLr * (1 - (1 - Options.Low) * (epoch % Options.Period) / Options.Period);
/// }
///
/// var schedule = new Sawtooth(optimizer, new SawtoothOptions { Period = 4 });
/// </code></example>
public abstract class LRScheduler<[DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions> : LRScheduler
    where TOptions : class
{
    private readonly OptionView _view;
    private TOptions _options;

    /// <summary>Reads the initial rates. A constructor calls <see cref="LRScheduler.Step"/> when all is set, for epoch 0.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    protected LRScheduler(Optimizer optimizer, TOptions options) : base(optimizer)
    {
        _view = OptionView.Of(options);
        _options = Checked(_view.With(GetType().Name, options, []));
    }

    /// <summary>The options: <c>schedule.Options = schedule.Options with { Gamma = 0.5 }</c> changes them from the next step on.</summary>
    /// <exception cref="ArgumentException">Set to options that make no sense; they are as before then.</exception>
    public TOptions Options
    {
        get => _options;
        set => _options = Checked(_view.With(_options, value.Given(), OptionView.Of(value), GetType().Name));
    }

    /// <summary>
    /// Throws an <see cref="ArgumentException"/> for options that make no sense. It is called before options are used; numbers that are
    /// not finite are refused besides.
    /// </summary>
    protected virtual void Check(TOptions options)
    {
    }

    private protected sealed override IEnumerable<KeyValuePair<string, object?>> SavedOptions => _view.All(_options);

    private protected sealed override object? OptionsIn(IReadOnlyDictionary<string, object?> state) =>
        Checked(_view.With(GetType().Name, _options, state));

    private protected sealed override void Take(object? options) => _options = (TOptions)options!;

    private TOptions Checked(object options)
    {
        Check((TOptions)options);
        _view.CheckFinite(options);
        return (TOptions)options;
    }
}
