using System.Globalization;

namespace Adjoint.Optim;

/// <summary>
/// One cycle of the rate over a whole training: up to a largest one, then down to far below the first (Smith and Topin 2018,
/// "Super-convergence"); the momentum goes the other way. It steps after each batch. <c>torch.optim.lr_scheduler.OneCycleLR</c>.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW(net.Parameters());
/// var schedule = new OneCycleLR(optimizer, maxLr: 0.01, epochs: 2, stepsPerEpoch: 10);
/// for (int step = 0; step &lt; 20; step++)
/// {
///     optimizer.Step();
///     if (step &lt; 19) schedule.Step();                    // the first of the 20 rates was set by the constructor
/// }
/// </code></example>
public sealed class OneCycleLR : LRScheduler<OneCycleLrOptions>
{
    private readonly string? _momentum;

    /// <summary>Makes the schedule and applies it to step 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="maxLr">The largest rate; above 0.</param>
    /// <param name="totalSteps">How many steps the cycle has; at least 1.</param>
    /// <param name="pctStart">The share of the steps in which the rate rises; in [0, 1].</param>
    /// <param name="annealStrategy">How it rises and falls.</param>
    /// <param name="cycleMomentum">Whether the momentum (β₁) falls while the rate rises, and back.</param>
    /// <param name="baseMomentum">The least momentum; in [0, 1).</param>
    /// <param name="maxMomentum">The largest momentum; in [0, 1).</param>
    /// <param name="divFactor">The first rate is the largest divided by this; above 0.</param>
    /// <param name="finalDivFactor">The last rate is the first divided by this; above 0.</param>
    /// <param name="threePhase">Whether the rate falls to its first value as it rose, and only then to the last one.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or the optimizer has no momentum to cycle.</exception>
    public OneCycleLR(
        Optimizer optimizer, double maxLr, int totalSteps, double pctStart = 0.3,
        AnnealStrategy annealStrategy = AnnealStrategy.Cos, bool cycleMomentum = true, double baseMomentum = 0.85,
        double maxMomentum = 0.95, double divFactor = 25, double finalDivFactor = 1e4, bool threePhase = false)
        : this(optimizer, new OneCycleLrOptions([maxLr], totalSteps, pctStart, annealStrategy, cycleMomentum, baseMomentum,
            maxMomentum, divFactor, finalDivFactor, threePhase))
    {
    }

    /// <summary>Makes the schedule for so many epochs of so many steps and applies it to step 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="maxLr">The largest rate; above 0.</param>
    /// <param name="epochs">How many epochs; at least 1.</param>
    /// <param name="stepsPerEpoch">How many steps an epoch has; at least 1.</param>
    /// <param name="pctStart">The share of the steps in which the rate rises; in [0, 1].</param>
    /// <param name="annealStrategy">How it rises and falls.</param>
    /// <param name="cycleMomentum">Whether the momentum (β₁) falls while the rate rises, and back.</param>
    /// <param name="baseMomentum">The least momentum; in [0, 1).</param>
    /// <param name="maxMomentum">The largest momentum; in [0, 1).</param>
    /// <param name="divFactor">The first rate is the largest divided by this; above 0.</param>
    /// <param name="finalDivFactor">The last rate is the first divided by this; above 0.</param>
    /// <param name="threePhase">Whether the rate falls to its first value as it rose, and only then to the last one.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or the optimizer has no momentum to cycle.</exception>
    public OneCycleLR(
        Optimizer optimizer, double maxLr, int epochs, int stepsPerEpoch, double pctStart = 0.3,
        AnnealStrategy annealStrategy = AnnealStrategy.Cos, bool cycleMomentum = true, double baseMomentum = 0.85,
        double maxMomentum = 0.95, double divFactor = 25, double finalDivFactor = 1e4, bool threePhase = false)
        : this(optimizer, new OneCycleLrOptions(
            [maxLr], checked(epochs.AtLeast(1) * stepsPerEpoch.AtLeast(1)), pctStart, annealStrategy, cycleMomentum, baseMomentum,
            maxMomentum, divFactor, finalDivFactor, threePhase))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to step 0.</summary>
    public OneCycleLR(Optimizer optimizer, OneCycleLrOptions options) : base(optimizer, options)
    {
        options.MaxLr.CheckGroups(optimizer, nameof(OneCycleLR), "maxLr");
        if (options.CycleMomentum) _momentum = MomentumCycle.NameIn(optimizer, nameof(OneCycleLR));
        double[] initial =
            [.. optimizer.ParamGroups.Select((_, group) => options.MaxLr.Of(group, nameof(OneCycleLR), "maxLr") / options.DivFactor)];
        for (int group = 0; group < initial.Length; group++) optimizer.ParamGroups[group].Options["initial_lr"] = initial[group];
        TakeBaseLrs(initial);
        Step();
    }

    /// <inheritdoc/>
    protected override void Check(OneCycleLrOptions options)
    {
        if (options.MaxLr.Count == 0) throw new ArgumentException("OneCycleLR: maxLr is an empty list.", "maxLr");
        foreach (double rate in options.MaxLr) rate.In(Interval.Positive, "maxLr");
        options.TotalSteps.AtLeast(1, "totalSteps");
        options.PctStart.In(Interval.Unit, "pctStart");
        options.BaseMomentum.In(Interval.Kept, "baseMomentum");
        options.MaxMomentum.In(Interval.Kept, "maxMomentum");
        options.DivFactor.In(Interval.Positive, "divFactor");
        options.FinalDivFactor.In(Interval.Positive, "finalDivFactor");
        OptionWord.Read(nameof(OneCycleLR), options.AnnealStrategy, "annealStrategy", typeof(AnnealStrategy));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The cycle is over.</exception>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        if (epoch > Options.TotalSteps)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"OneCycleLR: step {epoch} is after the end of the cycle, which has {Options.TotalSteps} steps."));
        double most = Options.MaxLr.Of(group, nameof(OneCycleLR), "maxLr"), first = most / Options.DivFactor;
        double last = first / Options.FinalDivFactor;
        (int phase, double share) = Phase(epoch);
        (double from, double to) = phase == 0 ? (first, most) : phase == 1 && Options.ThreePhase ? (most, first)
            : (Options.ThreePhase ? first : most, last);
        return Options.AnnealStrategy.Between(from, to, share);
    }

    private protected override void Applied(ParamGroup group, int number, int epoch)
    {
        if (!Options.CycleMomentum || (_momentum ?? MomentumCycle.NameIn(Optimizer, nameof(OneCycleLR))) is not { } name) return;
        (int phase, double share) = Phase(epoch);
        (double least, double most) = (Options.BaseMomentum, Options.MaxMomentum);
        (double from, double to) = phase == 0 ? (most, least) : phase == 1 ? (least, most) : (most, most);
        group[name] = Options.AnnealStrategy.Between(from, to, share);
    }

    // Which phase a step is in, and its share of it.
    private (int Phase, double Share) Phase(int step)
    {
        double rise = Options.PctStart * Options.TotalSteps - 1, all = Options.TotalSteps - 1;
        double[] ends = Options.ThreePhase ? [rise, 2 * Options.PctStart * Options.TotalSteps - 2, all] : [rise, all];
        double start = 0;
        for (int phase = 0; ; phase++)
        {
            if (step <= ends[phase] || phase == ends.Length - 1)
                // A cycle of one step has no way to go.
                return (phase, ends[phase] == start ? 0 : (step - start) / (ends[phase] - start));
            start = ends[phase];
        }
    }
}
