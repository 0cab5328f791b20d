using Adjoint.Data;

namespace Adjoint.Training;

/// <summary>The loss and the metrics of some batches.</summary>
internal sealed class EpochSums
{
    private readonly IReadOnlyList<Metric> _metrics;
    private double _sum;

    public EpochSums(IReadOnlyList<Metric> metrics)
    {
        _metrics = metrics;
        foreach (Metric metric in metrics) metric.Reset();
    }

    /// <summary>The sums of an epoch that was interrupted, which <see cref="State"/> gave.</summary>
    public EpochSums(IReadOnlyList<Metric> metrics, IReadOnlyDictionary<string, object?> state)
        : this(metrics)
    {
        if (!state.TryGetValue("sum", out object? sum) || sum is not double number
            || !state.TryGetValue("metrics", out object? saved) || States.AllNamed(saved) is not { } each || each.Length != metrics.Count)
            throw new ArgumentException($"Trainer: the state has no sums of an epoch with {metrics.Count} metrics.", nameof(state));
        (_sum, Examples) = (number, States.Whole(state, "examples", nameof(Trainer)));
        for (int i = 0; i < each.Length; i++) Stateful(metrics[i]).LoadStateDict(each[i]);
    }

    /// <summary>All of it, to go on from.</summary>
    public OrderedDictionary<string, object?> State() => new()
    {
        ["sum"] = _sum,
        ["examples"] = Examples,
        ["metrics"] = _metrics.Select(metric => (object)new OrderedDictionary<string, object?>(Stateful(metric).StateDict())).ToList(),
    };

    private static IStateful Stateful(Metric metric) => metric as IStateful
        ?? throw new NotSupportedException(
            $"Trainer: in the middle of an epoch the metric {metric.Name} would have to be kept, but {Nn.TypeText.Of(metric.GetType())} is not "
            + "IStateful; save between epochs, or implement that.");

    /// <summary>How many examples were added.</summary>
    public int Examples { get; private set; }

    /// <summary>The mean loss of the examples.</summary>
    public double Loss => _sum / Examples;

    /// <summary>The metrics of the examples.</summary>
    public IReadOnlyDictionary<string, double> Metrics() => _metrics.ToDictionary(metric => metric.Name, metric => metric.Value);

    /// <summary>Adds a batch with its mean loss.</summary>
    public void Add(Batch batch, Tensor output, double loss)
    {
        int size = batch.Tensors.Count > 0 && batch[0].NDim > 0 ? batch[0].Shape[0] : 1;
        _sum += loss * size;
        Examples += size;
        if (_metrics.Count == 0) return;
        Tensor target = batch.Tensors.Count > 1 ? batch[1]
            : throw new InvalidOperationException("Trainer: a metric needs a target, but an example has one tensor.");
        foreach (Metric metric in _metrics) metric.Add(output, target);
    }
}
