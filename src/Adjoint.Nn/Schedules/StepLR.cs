namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ every <c>stepSize</c> epochs.</summary>
public sealed class StepLR : LRScheduler
{
    private readonly int _stepSize;
    private readonly double _gamma;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="stepSize">How many epochs a rate holds; at least 1.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public StepLR(Optimizer optimizer, int stepSize, double gamma = 0.1) : base(optimizer.Given())
    {
        (_stepSize, _gamma) = (stepSize.AtLeast(1), gamma.In(Interval.NotNegative));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch > 0 && epoch % _stepSize == 0 ? lr * _gamma : lr;
}
