namespace Adjoint.Optim;

/// <summary>
/// Goes from the present rate to one that is then kept, with which weights are averaged: the schedule of stochastic weight averaging
/// (Izmailov et al. 2018). <c>torch.optim.swa_utils.SWALR</c>.
/// </summary>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// var averaged = new AveragedModel(net);
/// var schedule = new SWALR(optimizer, swaLr: 0.05, annealEpochs: 3);
/// for (int epoch = 0; epoch &lt; 5; epoch++)
/// {
///     optimizer.Step();                       // for each batch
///     averaged.UpdateParameters(net);
///     schedule.Step();
/// }
/// </code></example>
public sealed class SWALR : LRScheduler<SwaLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="swaLr">The rate that is gone to; at least 0.</param>
    /// <param name="annealEpochs">In how many epochs; at least 0.</param>
    /// <param name="annealStrategy">How.</param>
    public SWALR(Optimizer optimizer, double swaLr, int annealEpochs = 10, AnnealStrategy annealStrategy = AnnealStrategy.Cos)
        : this(optimizer, new SwaLrOptions([swaLr], annealEpochs, annealStrategy))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public SWALR(Optimizer optimizer, SwaLrOptions options) : base(optimizer, options)
    {
        options.SwaLr.CheckGroups(optimizer, nameof(SWALR), "swaLr");
        Step();
    }

    /// <inheritdoc/>
    protected override void Check(SwaLrOptions options)
    {
        if (options.SwaLr.Count == 0) throw new ArgumentException("SWALR: swaLr is an empty list.", "swaLr");
        foreach (double rate in options.SwaLr) rate.In(Interval.NotNegative, "swaLr");
        options.AnnealEpochs.AtLeast(0, "annealEpochs");
        OptionWord.Read(nameof(SWALR), options.AnnealStrategy, "annealStrategy", typeof(AnnealStrategy));
    }

    // Another schedule may change the rate meanwhile, so the rate that the way began with is worked out of the present one.
    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        double goal = Options.SwaLr.Of(group, nameof(SWALR), "swaLr");
        int step = Options.AnnealEpochs == 0 ? Math.Max(1, epoch) : epoch;
        double before = Way(step - 1), now = Way(step);
        double begun = before == 1 ? goal : (lr - before * goal) / (1 - before);
        return goal * now + begun * (1 - now);
    }

    private double Way(int step)
    {
        double t = Math.Max(0, Math.Min(1, step / (double)Math.Max(1, Options.AnnealEpochs)));
        return Options.AnnealStrategy == AnnealStrategy.Linear ? t : (1 - Math.Cos(Math.PI * t)) / 2;
    }
}
