namespace Adjoint.Cli.Training;

/// <summary>What someone watching a training run is told while it runs.</summary>
internal interface ITrainingObserver
{
    /// <summary>Epoch <paramref name="epoch"/> begins; the first is 1.</summary>
    void BeginEpoch(int epoch);

    /// <summary>A run that was interrupted goes on, in or before epoch <paramref name="epoch"/>.</summary>
    void Resumed(int epoch) { }

    /// <summary>After each step: <paramref name="images"/> of the epoch are done, and the batch had this loss.</summary>
    void Step(int images, double loss);

    /// <summary>After the evaluation of an epoch.</summary>
    void EndEpoch(EpochResult result);
}
