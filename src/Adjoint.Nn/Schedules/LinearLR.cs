namespace Adjoint.Optim;

/// <summary>Moves the factor of the initial rate along a line from a first to a last value in a number of epochs: a warm-up.</summary>
public sealed class LinearLR : LRScheduler
{
    private readonly double _start, _end;
    private readonly int _epochs;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="startFactor">The factor at epoch 0; in (0, 1].</param>
    /// <param name="endFactor">The factor from the last epoch on; in [0, 1].</param>
    /// <param name="totalIters">The last epoch; at least 0.</param>
    public LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1, int totalIters = 5) : base(optimizer.Given())
    {
        (_start, _end, _epochs) = (startFactor.In(Interval.Shrinking), endFactor.In(Interval.Unit), totalIters.AtLeast(0));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch == 0 ? lr * _start
        : epoch > _epochs ? lr
        // Rounding must not make a rate that falls to 0 a negative one.
        : Math.Max(0, lr * (1 + (_end - _start) / (_epochs * _start + (epoch - 1) * (_end - _start))));
}
