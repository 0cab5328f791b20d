namespace Adjoint.Optim;

/// <summary>The initial rate times a function of the epoch. A function is not saved with the schedule.</summary>
public sealed class LambdaLR : LRScheduler
{
    private readonly Func<int, double>? _forAll;
    private readonly Func<int, double>[] _factors = [];

    /// <summary>One function for all groups. Applies it to epoch 0.</summary>
    public LambdaLR(Optimizer optimizer, Func<int, double> factor) : base(optimizer)
    {
        _forAll = factor.Given();
        Step();
    }

    /// <summary>A function for each group. Applies them to epoch 0.</summary>
    /// <exception cref="ArgumentException">There are not as many functions as groups.</exception>
    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> factors) : base(optimizer)
    {
        _factors = factors.Elements();
        if (_factors.Length != BaseLrs.Count)
            throw new ArgumentException(
                $"LambdaLR: the optimizer has {BaseLrs.Count} parameter groups, but {_factors.Length} functions were given.",
                nameof(factors));
        Step();
    }

    /// <inheritdoc/>
    protected override double Next(double lr, double baseLr, int epoch, int group) => baseLr * FactorOf(group)(epoch);

    private Func<int, double> FactorOf(int group) => _forAll ?? (group < _factors.Length ? _factors[group]
        : throw new InvalidOperationException(
            $"LambdaLR: group {group} was added to the optimizer, but there are functions for {_factors.Length} groups only. Make another "
            + "schedule, with a function for each."));
}
