namespace Adjoint.Cli.Training;

/// <summary>One epoch: the mean loss over the training batches while they were learnt, then loss and accuracy on the test set.</summary>
internal sealed record EpochResult(
    int Epoch, double TrainLoss, double TrainAccuracy, double TestLoss, double TestAccuracy, double TrainSeconds, double TestSeconds)
{
    /// <summary>The mean loss on the examples held back from training, if there are any.</summary>
    public double? ValLoss { get; init; }

    /// <summary>The part of them that was recognised.</summary>
    public double? ValAccuracy { get; init; }
}

/// <summary>The loss of one batch, at a time counted in epochs (2.5: in the middle of the third).</summary>
internal readonly record struct LossPoint(double Epoch, double Loss);
