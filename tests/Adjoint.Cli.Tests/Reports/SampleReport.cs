using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Training;

namespace Adjoint.Tests.Cli.Reports;

/// <summary>A small report with every part in it.</summary>
internal static class SampleReport
{
    public static TrainingReport Make()
    {
        var confusion = new ConfusionMatrix(10);
        for (int digit = 0; digit < 10; digit++)
            for (int k = 0; k < 90 + digit; k++) confusion.Add(digit, digit);
        for (int k = 0; k < 7; k++) confusion.Add(4, 9);
        return new TrainingReport
        {
            Title = "MLP 784-16-10 on MNIST",
            Started = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
            Options = new Dictionary<string, string> { ["lr"] = "0.001", ["hidden"] = "16" },
            Machine = "a machine",
            Parameters = 12_730,
            TrainImages = 1000,
            Seconds = 4.5,
            Epochs =
            [
                new(1, 0.5, 0.85, 0.3, 0.91, 2, 0.1),
                new(2, 0.2, 0.95, 0.25, 0.93, 2, 0.1),
            ],
            LossCurve = [.. Enumerable.Range(1, 1000).Select(i => new LossPoint(i / 500.0, 2.3 / i))],
            Confusion = confusion,
            Mistakes = [new Mistake(17, 4, 9, 0.987) { Pixels = [.. Enumerable.Range(0, 784).Select(i => (byte)i)] }],
        };
    }
}
