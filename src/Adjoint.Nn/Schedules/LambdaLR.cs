namespace Adjoint.Optim;

/// <summary>The initial rate times a function of the epoch.</summary>
public sealed class LambdaLR : LRScheduler
{
    private readonly Func<int, double>[] _factors;

    /// <summary>One function for all groups. Applies it to epoch 0.</summary>
    public LambdaLR(Optimizer optimizer, Func<int, double> factor)
        : this(optimizer.Given(), Enumerable.Repeat(factor.Given(), optimizer.ParamGroups.Count))
    {
    }

    /// <summary>A function for each group. Applies them to epoch 0.</summary>
    /// <exception cref="ArgumentException">There are not as many functions as groups.</exception>
    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> factors) : base(optimizer.Given())
    {
        _factors = factors.Elements();
        if (_factors.Length != BaseLrs.Count)
            throw new ArgumentException(
                $"LambdaLR: the optimizer has {BaseLrs.Count} parameter groups, but {_factors.Length} functions were given.",
                nameof(factors));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => baseLr * _factors[group](epoch);
}
