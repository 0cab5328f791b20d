using Adjoint.Cli.Reports;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>
/// A display that falls silent when it cannot be written to any more, because the terminal is gone or the disk behind it full: hours of
/// training are not given up for that.
/// </summary>
internal sealed class LastingDisplay(ITrainingDisplay display) : ITrainingDisplay
{
    /// <summary>Why it fell silent.</summary>
    public IOException? Failure { get; private set; }

    public TrainingRun During(Func<TrainingRun> training)
    {
        bool begun = false;
        TrainingRun? run = null;
        Show(() => display.During(() =>
        {
            begun = true;
            return run = training();
        }), unless: () => begun && run is null);
        return run ?? training();
    }

    public void Begin(TrainingSetup setup) => Show(() => display.Begin(setup));

    public void BeginEpoch(int epoch) => Show(() => display.BeginEpoch(epoch));

    public void Resumed(int epoch) => Show(() => display.Resumed(epoch));

    public void Step(int images, double loss)
    {
        if (Failure is null) Show(() => display.Step(images, loss));
    }

    public void EndEpoch(EpochResult result) => Show(() => display.EndEpoch(result));

    public void End(TrainingReport report, string folder) => Show(() => display.End(report, folder));

    /// <param name="show">What may fail.</param>
    /// <param name="unless">Whether a failure was that of the training, not of the display.</param>
    private void Show(Action show, Func<bool>? unless = null)
    {
        if (Failure is not null) return;
        try
        {
            show();
        }
        catch (IOException e) when (unless?.Invoke() != true)
        {
            Failure = e;
        }
    }
}
