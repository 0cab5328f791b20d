using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Training;

/// <summary>
/// Watches a loss from epoch to epoch, remembers the network where it was least, and says when it has not fallen for long enough. A
/// <see cref="Checkpoint"/> keeps what it remembers.
/// </summary>
public sealed class EarlyStopping : IStateful
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
            Remember(_net.StateDict().ToDictionary(entry => entry.Key, entry => entry.Value.Clone()));
        }
        return (long)epoch - BestEpoch >= _patience;
    }

    /// <summary>Gives the network the weights of the best epoch again.</summary>
    public void RestoreBest()
    {
        if (BestEpoch > 0) _net.LoadStateDict(_best);
    }

    /// <summary>The best epoch, its loss, and the weights that the network had then.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["best_epoch"] = BestEpoch,
        ["best_loss"] = BestLoss,
        ["best"] = new OrderedDictionary<string, object?>(_best.Select(entry => KeyValuePair.Create(entry.Key, (object?)entry.Value))),
    };

    /// <summary>Continues from what <see cref="StateDict"/> of one that watched the same network gave.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        int epoch = States.Whole(state.Given(), "best_epoch", nameof(EarlyStopping));
        if (!state.TryGetValue("best_loss", out object? loss) || loss is not (double or float or long or int)
            || !state.TryGetValue("best", out object? best) || States.Named(best) is not { } weights
            || weights.Values.Any(value => value is not Tensor))
            throw new ArgumentException("EarlyStopping: the state has no \"best_loss\" or no weights \"best\".", nameof(state));
        var taken = weights.ToDictionary(entry => entry.Key, entry => (Tensor)entry.Value!);
        if (epoch > 0) _net.CheckLoads(taken);
        (BestEpoch, BestLoss) = (epoch, Convert.ToDouble(loss, CultureInfo.InvariantCulture));
        Remember(taken);
    }

    private void Remember(Dictionary<string, Tensor> weights)
    {
        _best = weights;
        foreach (Tensor one in weights.Values) one.KeepBeyondScopes();
    }
}
