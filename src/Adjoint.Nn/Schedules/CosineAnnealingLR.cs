namespace Adjoint.Optim;

/// <summary>
/// Moves the rate along half a cosine from its initial value to a least one in <c>tMax</c> epochs, and back (Loshchilov and Hutter 2017).
/// </summary>
public sealed class CosineAnnealingLR : LRScheduler
{
    private readonly int _tMax;
    private readonly double _least;

    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="tMax">The epoch of the least rate; at least 1.</param>
    /// <param name="etaMin">The least rate; at least 0.</param>
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin = 0) : base(optimizer.Given())
    {
        (_tMax, _least) = (tMax.AtLeast(1), etaMin.In(Interval.NotNegative));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        if (epoch == 0) return lr;
        // Each rate comes from the one before; where that is the least one, from the curve itself.
        if ((epoch - 1 - _tMax) % (2L * _tMax) == 0) return lr + (baseLr - _least) * (1 - Math.Cos(Math.PI / _tMax)) / 2;
        return (1 + Cosine(epoch)) / (1 + Cosine(epoch - 1)) * (lr - _least) + _least;
    }

    private double Cosine(int epoch) => Math.Cos(Math.PI * epoch / _tMax);
}
