using System.Text.Json;
using System.Text.Json.Serialization;
using Adjoint.Cli.Reports;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>One JSON object a line: <c>start</c>, <c>epoch</c> for each epoch, <c>end</c>.</summary>
internal sealed class JsonDisplay(TextWriter output) : ITrainingDisplay
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,    // a diverged loss is "NaN"
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Begin(TrainingSetup setup) =>
        Write(new
        {
            Event = "start",
            setup.Title,
            setup.Parameters,
            setup.TrainImages,
            setup.TestImages,
            Options = setup.Options.ByName()
        });

    public void BeginEpoch(int epoch) { }

    public void Resumed(int epoch) => Write(new { Event = "resumed", Epoch = epoch });

    public void Step(int images, double loss) { }

    public void EndEpoch(EpochResult r) =>
        Write(new
        {
            Event = "epoch",
            r.Epoch,
            r.TrainLoss,
            r.TrainAccuracy,
            r.ValLoss,
            r.ValAccuracy,
            r.TestLoss,
            r.TestAccuracy,
            r.TrainSeconds,
            r.TestSeconds,
        });

    public void End(TrainingReport report, string folder) =>
        Write(new
        {
            Event = "end",
            report.TestAccuracy,
            Epochs = report.Epochs.Count,
            report.Seconds,
            report.ImagesPerSecond,
            report.Interrupted,
            report.BestEpoch,
            Out = folder
        });

    private void Write<T>(T line)
    {
        output.WriteLine(JsonSerializer.Serialize(line, Options));
        output.Flush();
    }
}
