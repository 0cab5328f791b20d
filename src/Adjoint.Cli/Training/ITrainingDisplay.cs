using Adjoint.Cli.Reports;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>What someone watching a training run is told.</summary>
internal interface ITrainingDisplay : ITrainingObserver
{
    /// <summary>Calls <paramref name="training"/>, with the display up meanwhile.</summary>
    TrainingRun During(Func<TrainingRun> training) => training();

    /// <summary>Before the first step.</summary>
    void Begin(TrainingSetup setup);

    /// <summary>When all is saved.</summary>
    void End(TrainingReport report, string folder);
}

/// <summary>What is known before a run.</summary>
/// <param name="Title">What is trained on what.</param>
/// <param name="Parameters">How many numbers are trained.</param>
/// <param name="TrainImages">Images of the training set.</param>
/// <param name="TestImages">Images of the test set.</param>
/// <param name="Options">What was asked for.</param>
internal sealed record TrainingSetup(string Title, long Parameters, int TrainImages, int TestImages, TrainOptions Options)
{
    /// <summary>What examples are called.</summary>
    public string Examples { get; init; } = "images";
}
