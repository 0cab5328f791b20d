namespace Adjoint.Optim;

/// <summary>
/// Moves the rate along half a cosine from its initial value to a least one, and begins again at the initial one: SGDR (Loshchilov and
/// Hutter 2017). Each cosine may be longer than the one before.
/// </summary>
public sealed class CosineAnnealingWarmRestarts : LRScheduler<CosineAnnealingWarmRestartsOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="t0">The epochs of the first cosine; at least 1.</param>
    /// <param name="tMult">How many times as long each is as the one before; at least 1.</param>
    /// <param name="etaMin">The least rate; at least 0.</param>
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult = 1, double etaMin = 0)
        : this(optimizer, new CosineAnnealingWarmRestartsOptions(t0, tMult, etaMin))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public CosineAnnealingWarmRestarts(Optimizer optimizer, CosineAnnealingWarmRestartsOptions options)
        : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(CosineAnnealingWarmRestartsOptions options)
    {
        options.T0.AtLeast(1, "t0");
        options.TMult.AtLeast(1, "tMult");
        options.EtaMin.In(Interval.NotNegative, "etaMin");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        (long into, long length) = Place(epoch);
        return Options.EtaMin + (baseLr - Options.EtaMin) * (1 + Math.Cos(Math.PI * into / length)) / 2;
    }

    /// <summary>Adds the present place in a cosine, as <c>T_cur</c> of <c>T_i</c> epochs, which follow from the epoch.</summary>
    protected override void SaveState(IDictionary<string, object?> state)
    {
        (long into, long length) = Place(Math.Max(0, LastEpoch));
        (state.Given()["T_cur"], state["T_i"]) = ((int)into, (int)Math.Min(length, int.MaxValue));
    }

    // How far an epoch is into which cosine. Lengths that grow are few.
    private (long Into, long Length) Place(int epoch)
    {
        long length = Options.T0, into = epoch;
        if (Options.TMult == 1) return (into % length, length);
        for (; into >= length; length *= Options.TMult) into -= length;
        return (into, length);
    }
}
