namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ at given epochs; by γ² at one that is given twice.</summary>
public sealed class MultiStepLR : LRScheduler<MultiStepLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="milestones">The epochs.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1)
        : this(optimizer, new MultiStepLrOptions([.. milestones.Given()], gamma))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public MultiStepLR(Optimizer optimizer, MultiStepLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(MultiStepLrOptions options) => options.Gamma.In(Interval.NotNegative, "gamma");

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        lr * Math.Pow(Options.Gamma, Options.Milestones.Count(m => m == epoch));
}
