namespace Adjoint.Training;

/// <summary>A mean over all elements of outputs and targets of one shape.</summary>
public abstract class ErrorMetric : Metric, IStateful
{
    private double _sum;
    private long _count;

    private protected ErrorMetric()
    {
    }

    /// <inheritdoc/>
    public override double Value => _count == 0 ? double.NaN : _sum / _count;

    /// <inheritdoc/>
    public override void Reset() => (_sum, _count) = (0, 0);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">They have different shapes.</exception>
    public override void Add(Tensor output, Tensor target)
    {
        if (output.Given().Shape != target.Given().Shape)
            throw new ShapeException(
                $"{GetType().Name}: output and target must have one shape, but have {output.Shape} and {target.Shape}.");
        double[] given = output.To(DType.Float64).ToArray<double>(), wanted = target.To(DType.Float64).ToArray<double>();
        for (int i = 0; i < given.Length; i++) _sum += Of(given[i] - wanted[i]);
        _count += given.Length;
    }

    /// <summary>What was summed up.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() =>
        new OrderedDictionary<string, object?> { ["sum"] = _sum, ["count"] = _count };

    /// <summary>Goes on from what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        int count = States.Whole(state.Given(), "count", GetType().Name);
        if (!state.TryGetValue("sum", out object? sum) || sum is not double number)
            throw new ArgumentException($"{GetType().Name}: the state has no number \"sum\".", nameof(state));
        (_sum, _count) = (number, count);
    }

    private protected abstract double Of(double difference);
}

/// <summary>The mean of squared differences.</summary>
public sealed class MeanSquaredError : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    private protected override double Of(double difference) => difference * difference;
}

/// <summary>The mean of absolute differences.</summary>
public sealed class MeanAbsoluteError : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    private protected override double Of(double difference) => Math.Abs(difference);
}
