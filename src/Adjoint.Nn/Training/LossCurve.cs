namespace Adjoint.Training;

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

    /// <summary>Adds the loss of batch <paramref name="batch"/> of epoch <paramref name="epoch"/>; both count from 0.</summary>
    public void Add(int epoch, int batch, double loss)
    {
        _sum += loss;
        if (++_count < _window && batch < batches - 1) return;
        _points.Add(new LossPoint(epoch + (batch + 1.0) / batches, _sum / _count));
        (_sum, _count) = (0, 0);
    }
}
