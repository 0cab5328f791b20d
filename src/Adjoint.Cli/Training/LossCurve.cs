using System.Globalization;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>Gathers the losses of the batches into points, each the mean over about a hundredth of an epoch.</summary>
/// <param name="batches">Batches in an epoch.</param>
internal sealed class LossCurve(int batches)
{
    private const int PointsPerEpoch = 100;

    private readonly int _window = Math.Max(1, batches / PointsPerEpoch);
    private readonly List<LossPoint> _points = [];
    private double _sum;
    private int _count;

    public IReadOnlyList<LossPoint> Points => _points;

    /// <summary>All of it, to go on from.</summary>
    public OrderedDictionary<string, object?> State() => new()
    {
        ["epochs"] = _points.ConvertAll(point => point.Epoch),
        ["losses"] = _points.ConvertAll(point => point.Loss),
        ["sum"] = _sum,
        ["count"] = _count,
    };

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    public void Continue(IReadOnlyDictionary<string, object?> state)
    {
        double[] epochs = States.Numbers(state["epochs"])!, losses = States.Numbers(state["losses"])!;
        _points.Clear();
        _points.AddRange(epochs.Zip(losses, (epoch, loss) => new LossPoint(epoch, loss)));
        (_sum, _count) = (Convert.ToDouble(state["sum"], CultureInfo.InvariantCulture), States.Whole(state, "count", nameof(LossCurve)));
    }

    /// <summary>Adds the loss of batch <paramref name="batch"/> of epoch <paramref name="epoch"/>; both count from 0.</summary>
    public void Add(int epoch, int batch, double loss)
    {
        _sum += loss;
        if (++_count < _window && batch < batches - 1) return;
        _points.Add(new LossPoint(epoch + (batch + 1.0) / batches, _sum / _count));
        (_sum, _count) = (0, 0);
    }
}
