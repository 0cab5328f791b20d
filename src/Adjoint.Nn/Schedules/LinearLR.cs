namespace Adjoint.Optim;

/// <summary>Moves the factor of the initial rate along a line from a first to a last value in a number of epochs: a warm-up.</summary>
public sealed class LinearLR : LRScheduler
{
    private readonly double _start, _end;
    private readonly int _epochs;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="startFactor">The factor at epoch 0; in (0, 1].</param>
    /// <param name="endFactor">The factor from the last epoch on.</param>
    /// <param name="totalIters">The last epoch.</param>
    public LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1, int totalIters = 5) : base(optimizer.Given())
    {
        if (!(startFactor is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(startFactor), startFactor, "LinearLR: the first factor must be above 0 and at most 1.");
        (_start, _end, _epochs) = (startFactor, endFactor, totalIters);
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch == 0 ? lr * _start
        : epoch > _epochs ? lr
        : lr * (1 + (_end - _start) / (_epochs * _start + (epoch - 1) * (_end - _start)));
}
