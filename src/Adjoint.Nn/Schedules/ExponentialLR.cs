namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ every epoch.</summary>
public sealed class ExponentialLR : LRScheduler<ExponentialLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public ExponentialLR(Optimizer optimizer, double gamma) : this(optimizer, new ExponentialLrOptions(gamma))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public ExponentialLR(Optimizer optimizer, ExponentialLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(ExponentialLrOptions options) => options.Gamma.In(Interval.NotNegative, "gamma");

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => epoch == 0 ? lr : lr * Options.Gamma;
}
