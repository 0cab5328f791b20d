namespace Adjoint.Optim;

/// <summary>Moves the factor of the initial rate along a line from a first to a last value in a number of epochs: a warm-up.</summary>
public sealed class LinearLR : LRScheduler<LinearLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="startFactor">The factor at epoch 0; in (0, 1].</param>
    /// <param name="endFactor">The factor from the last epoch on; in [0, 1].</param>
    /// <param name="totalIters">The last epoch; at least 0.</param>
    public LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1, int totalIters = 5)
        : this(optimizer, new LinearLrOptions(startFactor, endFactor, totalIters))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public LinearLR(Optimizer optimizer, LinearLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(LinearLrOptions options)
    {
        options.StartFactor.In(Interval.Shrinking, "startFactor");
        options.EndFactor.In(Interval.Unit, "endFactor");
        options.TotalIters.AtLeast(0, "totalIters");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        var (start, end, epochs) = Options;
        return epoch == 0 ? lr * start
            : epoch > epochs ? lr
            // Rounding must not make a rate that falls to 0 a negative one.
            : Math.Max(0, lr * (1 + (end - start) / (epochs * start + (epoch - 1) * (end - start))));
    }
}
