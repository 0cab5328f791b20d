namespace Adjoint.Optim;

/// <summary>The initial rate times a factor until an epoch, and then the initial rate.</summary>
public sealed class ConstantLR : LRScheduler<ConstantLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="factor">The factor; in (0, 1].</param>
    /// <param name="totalIters">The first epoch without it; at least 0.</param>
    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int totalIters = 5)
        : this(optimizer, new ConstantLrOptions(factor, totalIters))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public ConstantLR(Optimizer optimizer, ConstantLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(ConstantLrOptions options)
    {
        options.Factor.In(Interval.Shrinking, "factor");
        options.TotalIters.AtLeast(0, "totalIters");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch == 0 ? lr * Options.Factor : epoch == Options.TotalIters ? lr / Options.Factor : lr;
}
