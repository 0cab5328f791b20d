namespace Adjoint.Optim;

/// <summary>Lets the rate fall to 0 in <c>totalIters</c> epochs, as lr·(1 − epoch/totalIters)^power.</summary>
public sealed class PolynomialLR : LRScheduler<PolynomialLrOptions>
{
    /// <summary>Makes the schedule and applies it to epoch 0.</summary>
    /// <param name="optimizer">Whose rates.</param>
    /// <param name="totalIters">The epoch from which on the rate is 0; at least 1.</param>
    /// <param name="power">The power of the polynomial; at least 0.</param>
    public PolynomialLR(Optimizer optimizer, int totalIters = 5, double power = 1)
        : this(optimizer, new PolynomialLrOptions(totalIters, power))
    {
    }

    /// <summary>Makes the schedule by a record of options and applies it to epoch 0.</summary>
    public PolynomialLR(Optimizer optimizer, PolynomialLrOptions options) : base(optimizer, options) => Step();

    /// <inheritdoc/>
    protected override void Check(PolynomialLrOptions options)
    {
        options.TotalIters.AtLeast(1, "totalIters");
        options.Power.In(Interval.NotNegative, "power");
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group)
    {
        var (epochs, power) = Options;
        return epoch == 0 || epoch > epochs ? lr
            : lr * Math.Pow((1 - epoch / (double)epochs) / (1 - (epoch - 1) / (double)epochs), power);
    }
}
