using Adjoint.Nn;

namespace Adjoint.Training;

/// <summary>
/// Watches a loss from epoch to epoch, remembers the network where it was least, and says when it has not fallen for long enough.
/// </summary>
/// <param name="net">The network.</param>
/// <param name="patience">How many epochs without improvement are put up with.</param>
internal sealed class EarlyStopping(Module net, int patience)
{
    private Dictionary<string, Tensor> _best = [];
    private double _least = double.PositiveInfinity;

    /// <summary>The epoch with the least loss; 0 while there was none with a finite one.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Takes note of an epoch's loss. One that is NaN is no improvement.</summary>
    public bool IsOver(int epoch, double loss)
    {
        if (loss < _least)
        {
            (_least, BestEpoch) = (loss, epoch);
            _best = net.StateDict().ToDictionary(entry => entry.Key, entry => entry.Value.Clone());
            foreach (Tensor weights in _best.Values) weights.KeepBeyondScopes();
        }
        return epoch - BestEpoch >= patience;
    }

    /// <summary>Gives the network the weights of the best epoch again.</summary>
    public void RestoreBest()
    {
        if (BestEpoch > 0) net.LoadStateDict(_best);
    }
}
