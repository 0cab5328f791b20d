namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ at given epochs; by γ² at one that is given twice.</summary>
public sealed class MultiStepLR : LRScheduler
{
    private readonly int[] _milestones;
    private readonly double _gamma;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="milestones">The epochs.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1) : base(optimizer.Given())
    {
        (_milestones, _gamma) = ([.. milestones.Given()], gamma.In(Interval.NotNegative));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        lr * Math.Pow(_gamma, _milestones.Count(m => m == epoch));
}
