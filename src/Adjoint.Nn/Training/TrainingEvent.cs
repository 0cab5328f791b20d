namespace Adjoint.Training;

/// <summary>Something that happens in a training; see <see cref="Trainer.Run"/>.</summary>
/// <param name="Epoch">The epoch it happens in; the first is 1.</param>
public abstract record TrainingEvent(int Epoch);

/// <summary>An epoch begins.</summary>
/// <param name="Epoch">Its number; the first is 1.</param>
public sealed record EpochBegins(int Epoch) : TrainingEvent(Epoch);

/// <summary>A batch was learnt.</summary>
/// <param name="Epoch">The epoch; the first is 1.</param>
/// <param name="Batch">The batch of the epoch; the first is 0.</param>
/// <param name="Steps">How many steps the optimizer has made.</param>
/// <param name="Examples">How many examples of the epoch were learnt.</param>
/// <param name="Loss">The mean loss of the batch.</param>
public sealed record StepDone(int Epoch, int Batch, long Steps, int Examples, double Loss) : TrainingEvent(Epoch);

/// <summary>An epoch is done, and evaluated.</summary>
/// <param name="Epoch">The epoch; the first is 1.</param>
/// <param name="Loss">The mean loss of its examples while they were learnt.</param>
/// <param name="Metrics">The metrics of its examples while they were learnt, by name.</param>
/// <param name="Validation">The evaluation after it, if there were examples for that.</param>
/// <param name="Examples">How many examples were learnt.</param>
/// <param name="Seconds">How long learning took, the evaluation not counted.</param>
public sealed record EpochDone(int Epoch, double Loss, IReadOnlyDictionary<string, double> Metrics, EvaluationResult? Validation,
    int Examples, double Seconds) : TrainingEvent(Epoch);

/// <summary>The training ended; the last event.</summary>
/// <param name="Epoch">The last epoch.</param>
/// <param name="Reason">Why.</param>
/// <param name="BestEpoch">The epoch with the least loss, where <see cref="EarlyStopping"/> watched; if that is why the training ended, the
/// network has its weights.</param>
public sealed record TrainingEnded(int Epoch, TrainingEnd Reason, int? BestEpoch) : TrainingEvent(Epoch);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were done.</summary>
    Finished,

    /// <summary>It no longer got better; see <see cref="EarlyStopping"/>.</summary>
    NoBetter,

    /// <summary>Somebody wished it, within an epoch.</summary>
    Cancelled,
}

/// <summary>How a network does on some examples.</summary>
/// <param name="Loss">The mean loss.</param>
/// <param name="Metrics">The metrics, by name.</param>
/// <param name="Examples">How many examples.</param>
public sealed record EvaluationResult(double Loss, IReadOnlyDictionary<string, double> Metrics, int Examples);

/// <summary>How a training went.</summary>
/// <param name="Epochs">The epochs that were done.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="BestEpoch">The epoch with the least loss, where <see cref="EarlyStopping"/> watched.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochDone> Epochs, TrainingEnd Reason, int? BestEpoch);
