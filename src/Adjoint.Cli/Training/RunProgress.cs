using System.Globalization;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>What a run has shown so far; a checkpoint keeps it.</summary>
/// <param name="batches">Batches in an epoch.</param>
internal sealed class RunProgress(int batches) : IStateful
{
    private readonly List<EpochResult> _results = [];

    /// <summary>The epochs that were finished.</summary>
    public IReadOnlyList<EpochResult> Results => _results;

    /// <summary>The loss along the way.</summary>
    public LossCurve Curve { get; } = new(batches);

    /// <summary>Seconds that went by before an interruption: of all of it, and of the epoch that was interrupted.</summary>
    public (double All, double Epoch) Before { get; private set; }

    /// <summary>Seconds until now, said before it is saved.</summary>
    public (double All, double Epoch) Now { get; set; }

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochResult result)
    {
        _results.Add(result);
        Before = (Before.All, 0);
    }

    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["seconds"] = new List<double> { Now.All, Now.Epoch },
        ["curve"] = Curve.State(),
        ["epochs"] = _results.Select(result => (object)Saved(result)).ToList(),
    };

    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        if (States.Numbers(state.GetValueOrDefault("seconds")) is not [var all, var epoch]
            || States.AllNamed(state.GetValueOrDefault("epochs")) is not { } results
            || States.Named(state.GetValueOrDefault("curve")) is not { } curve)
            throw new ArgumentException("the checkpoint does not say what the run has shown.", nameof(state));
        Curve.Continue(curve);
        _results.Clear();
        _results.AddRange(results.Select(Of));
        Before = Now = (all, epoch);
    }

    private static OrderedDictionary<string, object?> Saved(EpochResult result) => new()
    {
        ["epoch"] = result.Epoch,
        ["train_loss"] = result.TrainLoss,
        ["train_accuracy"] = result.TrainAccuracy,
        ["test_loss"] = result.TestLoss,
        ["test_accuracy"] = result.TestAccuracy,
        ["train_seconds"] = result.TrainSeconds,
        ["test_seconds"] = result.TestSeconds,
        ["val_loss"] = result.ValLoss,
        ["val_accuracy"] = result.ValAccuracy,
    };

    private static EpochResult Of(IReadOnlyDictionary<string, object?> saved)
    {
        return new((int)Number("epoch"), Number("train_loss"), Number("train_accuracy"), Number("test_loss"), Number("test_accuracy"),
            Number("train_seconds"), Number("test_seconds"))
        { ValLoss = Maybe("val_loss"), ValAccuracy = Maybe("val_accuracy") };

        double Number(string name) =>
            Maybe(name) ?? throw new ArgumentException($"an epoch of the checkpoint has no \"{name}\".", nameof(saved));

        double? Maybe(string name) =>
            saved.GetValueOrDefault(name) is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;
    }
}
