namespace Adjoint.Optim;

/// <summary>Multiplies the rate by γ every <c>stepSize</c> epochs.</summary>
public sealed class StepLR : LRScheduler<StepLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="stepSize">How many epochs a rate holds; at least 1.</param>
    /// <param name="gamma">γ; at least 0.</param>
    public StepLR(Optimizer optimizer, int stepSize, double gamma = 0.1) : this(optimizer, new StepLrOptions(stepSize, gamma))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public StepLR(Optimizer optimizer, StepLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(StepLrOptions options)
    {
        options.StepSize.AtLeast(1, "stepSize");
        options.Gamma.In(Interval.NotNegative, "gamma");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) =>
        epoch > 0 && epoch % Options.StepSize == 0 ? lr * Options.Gamma : lr;
}
