namespace Adjoint.Optim;

/// <summary>
/// Moves the rate along half a cosine from its initial value to a least one in <c>tMax</c> epochs, and back (Loshchilov and Hutter 2017).
/// </summary>
public sealed class CosineAnnealingLR : LRScheduler<CosineAnnealingLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="tMax">The epoch of the least rate; at least 1.</param>
    /// <param name="etaMin">The least rate; at least 0.</param>
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin = 0)
        : this(optimizer, new CosineAnnealingLrOptions(tMax, etaMin))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public CosineAnnealingLR(Optimizer optimizer, CosineAnnealingLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(CosineAnnealingLrOptions options)
    {
        options.TMax.AtLeast(1, "tMax");
        options.EtaMin.In(Interval.NotNegative, "etaMin");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        var (tMax, least) = Options;
        if (epoch == 0) return lr;
        // Each rate comes from the one before; where that is the least one, from the curve itself.
        if ((epoch - 1 - tMax) % (2L * tMax) == 0) return lr + (baseLr - least) * (1 - Math.Cos(Math.PI / tMax)) / 2;
        return (1 + Cosine(epoch, tMax)) / (1 + Cosine(epoch - 1, tMax)) * (lr - least) + least;
    }

    private static double Cosine(int epoch, int tMax) => Math.Cos(Math.PI * epoch / tMax);
}
