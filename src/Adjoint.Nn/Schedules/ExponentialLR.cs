namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ every epoch.</summary>
public sealed class ExponentialLR : LRScheduler
{
    private readonly double _gamma;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public ExponentialLR(Optimizer optimizer, double gamma) : base(optimizer.Given())
    {
        _gamma = gamma.In(Interval.NotNegative);
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => epoch == 0 ? lr : lr * _gamma;
}
