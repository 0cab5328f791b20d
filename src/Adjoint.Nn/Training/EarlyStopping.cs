using Adjoint.Nn;

namespace Adjoint.Training;

/// <summary>
/// Watches a loss from epoch to epoch, remembers the network where it was least, and says when it has not fallen for long enough.
/// </summary>
public sealed class EarlyStopping
{
    private readonly Module _net;
    private readonly int _patience;
    private readonly double _minDelta;
    private Dictionary<string, Tensor> _best = [];

    /// <summary>Watches a network.</summary>
    /// <param name="net">The network.</param>
    /// <param name="patience">How many epochs without improvement are put up with; at least 1.</param>
    /// <param name="minDelta">By how much a loss must be less to be an improvement; at least 0 and finite.</param>
    public EarlyStopping(Module net, int patience, double minDelta = 0) =>
        (_net, _patience, _minDelta) = (net.Given(), patience.AtLeast(1), minDelta.In(Interval.NotNegative));

    /// <summary>The epoch with the least loss; 0 while there was none with a finite one.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The least loss; infinite while there was none.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Takes note of an epoch's loss, and says whether it is time to stop. One that is NaN is no improvement.</summary>
    /// <param name="epoch">The epoch's number; the first is 1.</param>
    /// <param name="loss">Its loss.</param>
    public bool IsOver(int epoch, double loss)
    {
        if (loss < BestLoss - _minDelta)
        {
            (BestLoss, BestEpoch) = (loss, epoch);
            _best = _net.StateDict().ToDictionary(entry => entry.Key, entry => entry.Value.Clone());
            foreach (Tensor weights in _best.Values) weights.KeepBeyondScopes();
        }
        return (long)epoch - BestEpoch >= _patience;
    }

    /// <summary>Gives the network the weights of the best epoch again.</summary>
    public void RestoreBest()
    {
        if (BestEpoch > 0) _net.LoadStateDict(_best);
    }
}
