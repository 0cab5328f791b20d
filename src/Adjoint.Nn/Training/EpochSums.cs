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
