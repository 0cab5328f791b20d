using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Adjoint.Training;

/// <summary>What is told to whoever listens: a <see cref="Meter"/> and an <see cref="ActivitySource"/> of the name <c>Adjoint</c>.</summary>
internal static class Telemetry
{
    private const string Name = "Adjoint";

    private static readonly ActivitySource s_source = new(Name);
    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_steps = s_meter.CreateCounter<long>(
        "adjoint.training.steps", "{step}", "Batches that were learnt.");
    private static readonly Counter<long> s_examples = s_meter.CreateCounter<long>(
        "adjoint.training.examples", "{example}", "Examples that were learnt.");
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "adjoint.training.step.duration", "s", "How long a batch took, forward, backward and step.");
    private static readonly Gauge<double> s_loss = s_meter.CreateGauge<double>(
        "adjoint.training.loss", null, "The mean loss of the last batch.");
    private static readonly Gauge<double> s_judged = s_meter.CreateGauge<double>(
        "adjoint.validation.loss", null, "The loss by which the last epoch is judged.");

    /// <summary>Something that takes a while begins; null if nobody listens.</summary>
    public static Activity? Begin(string name) => s_source.StartActivity(name);

    /// <summary>A batch was learnt.</summary>
    public static void StepDone(int examples, double loss, long begun)
    {
        s_steps.Add(1);
        s_examples.Add(examples);
        s_loss.Record(loss);
        if (s_duration.Enabled) s_duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>An epoch is done.</summary>
    public static void EpochDone(int epoch, double loss) =>
        s_judged.Record(loss, new KeyValuePair<string, object?>("adjoint.epoch", epoch));
}
