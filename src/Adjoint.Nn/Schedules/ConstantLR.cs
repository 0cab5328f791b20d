namespace Adjoint.Optim;

/// <summary>The initial rate times a factor until an epoch, and then the initial rate.</summary>
public sealed class ConstantLR : LRScheduler
{
    private readonly double _factor;
    private readonly int _epochs;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="factor">The factor; in (0, 1].</param>
    /// <param name="totalIters">The first epoch without it; at least 0.</param>
    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int totalIters = 5) : base(optimizer.Given())
    {
        (_factor, _epochs) = (factor.In(Interval.Shrinking), totalIters.AtLeast(0));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch == 0 ? lr * _factor : epoch == _epochs ? lr / _factor : lr;
}
