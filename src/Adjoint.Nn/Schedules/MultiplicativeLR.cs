namespace Adjoint.Optim;

/// <summary>The rate of the epoch before times a function of the epoch.</summary>
public sealed class MultiplicativeLR : LRScheduler
{
    private readonly Func<int, double> _factor;

    /// <summary>Makes the schedule and applies it to epoch 0, which it leaves as it is.</summary>
    public MultiplicativeLR(Optimizer optimizer, Func<int, double> factor) : base(optimizer)
    {
        _factor = factor.Given();
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => epoch == 0 ? lr : lr * _factor(epoch);
}
