namespace Adjoint.Optim;

/// <summary>
/// Lets the rate rise and fall between two bounds, again and again (Smith 2017, "Cyclical learning rates for training neural networks");
/// the momentum goes the other way. It steps after each batch. <c>torch.optim.lr_scheduler.CyclicLR</c>.
/// </summary>
/// <example><code>
/// var optimizer = new SGD(net.Parameters(), lr: 0.1, momentum: 0.9);
/// var schedule = new CyclicLR(optimizer, baseLr: 0.01, maxLr: 0.1, stepSizeUp: 5, mode: CyclicMode.Triangular2);
/// schedule.Step();                            // after each batch
/// </code></example>
public sealed class CyclicLR : LRScheduler<CyclicLrOptions>
{
    private readonly Func<double, double>? _scale;
    private readonly string? _momentum;

    /// <summary>Makes the schedule and applies it to step 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="baseLr">The least rate; at least 0.</param>
    /// <param name="maxLr">The largest rate of the first cycle; at least 0.</param>
    /// <param name="stepSizeUp">The steps in which the rate rises; at least 1.</param>
    /// <param name="stepSizeDown">The steps in which it falls; at least 1. By default as many as it rises.</param>
    /// <param name="mode">What becomes of the height of the cycles.</param>
    /// <param name="gamma">γ of <see cref="CyclicMode.ExpRange"/>; at least 0.</param>
    /// <param name="scaleFn">The height of a cycle, in place of <paramref name="mode"/>. A function is not saved with the schedule.</param>
    /// <param name="scaleMode">What <paramref name="scaleFn"/> is given.</param>
    /// <param name="cycleMomentum">Whether the momentum (β₁) falls while the rate rises, and back.</param>
    /// <param name="baseMomentum">The least momentum of the first cycle; in [0, 1).</param>
    /// <param name="maxMomentum">The largest momentum; in [0, 1).</param>
    /// <exception cref="ArgumentException">An option makes no sense, or the optimizer has no momentum to cycle.</exception>
    public CyclicLR(
        Optimizer optimizer, double baseLr, double maxLr, int stepSizeUp = 2000, int? stepSizeDown = null,
        CyclicMode mode = CyclicMode.Triangular, double gamma = 1, Func<double, double>? scaleFn = null,
        CyclicScale scaleMode = CyclicScale.Cycle, bool cycleMomentum = true, double baseMomentum = 0.8, double maxMomentum = 0.9)
        : this(optimizer, new CyclicLrOptions(
            [baseLr], [maxLr], stepSizeUp, stepSizeDown?.AtLeast(1, nameof(stepSizeDown)) ?? 0, mode, gamma,
            scaleMode, cycleMomentum, baseMomentum, maxMomentum), scaleFn)
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to step 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="options">The options.</param>
    /// <param name="scaleFn">The height of a cycle, in place of the mode. A function is not saved with the schedule.</param>
    public CyclicLR(Optimizer optimizer, CyclicLrOptions options, Func<double, double>? scaleFn = null) : base(optimizer, options)
    {
        _scale = scaleFn;
        options.BaseLr.CheckGroups(optimizer, nameof(CyclicLR), "baseLr");
        options.MaxLr.CheckGroups(optimizer, nameof(CyclicLR), "maxLr");
        if (options.CycleMomentum) _momentum = MomentumCycle.NameIn(optimizer, nameof(CyclicLR));
        TakeBaseLrs([.. optimizer.ParamGroups.Select((_, group) => Least(group))]);
        Step();
    }

    /// <inheritdoc/>
    protected override void Check(CyclicLrOptions options)
    {
        foreach ((IReadOnlyList<double> rates, string name) in ((IReadOnlyList<double>, string)[])[(options.BaseLr, "baseLr"),
            (options.MaxLr, "maxLr")])
        {
            if (rates.Count == 0) throw new ArgumentException($"CyclicLR: {name} is an empty list.", name);
            foreach (double rate in rates) rate.In(Interval.NotNegative, name);
        }
        options.StepSizeUp.AtLeast(1, "stepSizeUp");
        options.StepSizeDown.AtLeast(0, "stepSizeDown");
        options.Gamma.In(Interval.NotNegative, "gamma");
        options.BaseMomentum.In(Interval.Kept, "baseMomentum");
        options.MaxMomentum.In(Interval.Kept, "maxMomentum");
        OptionWord.Read(nameof(CyclicLR), options.Mode, "mode", typeof(CyclicMode));
        OptionWord.Read(nameof(CyclicLR), options.ScaleMode, "scaleMode", typeof(CyclicScale));
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        double least = Least(group), most = Options.MaxLr.Of(group, nameof(CyclicLR), "maxLr");
        (double cycle, double height) = Place(epoch);
        return least + (most - least) * height * Scale(cycle, epoch);
    }

    private protected override void Applied(ParamGroup group, int number, int epoch)
    {
        if (!Options.CycleMomentum || (_momentum ?? MomentumCycle.NameIn(Optimizer, nameof(CyclicLR))) is not { } name) return;
        (double cycle, double height) = Place(epoch);
        group[name] = Options.MaxMomentum - (Options.MaxMomentum - Options.BaseMomentum) * height * Scale(cycle, epoch);
    }

    private double Least(int group) => Options.BaseLr.Of(group, nameof(CyclicLR), "baseLr");

    // The number of the cycle, and how high up in it a step is, by PyTorch's operations in their order.
    private (double Cycle, double Height) Place(int step)
    {
        double up = Options.StepSizeUp, down = Options.StepSizeDown == 0 ? up : Options.StepSizeDown, total = up + down, ratio = up / total;
        double cycle = Math.Floor(1 + step / total), x = 1 + step / total - cycle;
        return (cycle, x <= ratio ? x / ratio : (x - 1) / (ratio - 1));
    }

    private double Scale(double cycle, int step) =>
        _scale is { } own ? own(Options.ScaleMode == CyclicScale.Cycle ? cycle : step)
        : Options.Mode switch
        {
            CyclicMode.Triangular => 1,
            CyclicMode.Triangular2 => 1 / Math.Pow(2, cycle - 1),
            _ => Math.Pow(Options.Gamma, step),
        };
}
