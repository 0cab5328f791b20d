using System.Text.Json.Serialization;
using Adjoint.Cli.Training;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>All that is known about a finished training run: what metrics.json, report.html and the terminal show.</summary>
internal sealed record TrainingReport
{
    /// <summary>What was trained: <c>MLP 784-512-512-10 on MNIST</c>.</summary>
    public required string Title { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Why the run ended early, if it did: <c>interrupted in epoch 3</c>.</summary>
    public string? Interrupted { get; init; }

    /// <summary>The epoch whose weights were taken back, if the run ended because it no longer got better.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>What a class is called.</summary>
    [JsonIgnore]
    public string What { get; init; } = "digit";

    /// <summary>The options of the run, by name.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Where it ran: processor, threads, runtime.</summary>
    public string Machine { get; init; } = "";

    public required long Parameters { get; init; }

    /// <summary>Images in the training set.</summary>
    public required int TrainImages { get; init; }

    /// <summary>Time from the first step to the last evaluation.</summary>
    public required double Seconds { get; init; }

    public double TestAccuracy => Confusion.Accuracy;

    public int TestImages => Confusion.Total;

    /// <summary>Training images a second over all epochs, evaluation not counted.</summary>
    public double ImagesPerSecond
    {
        get
        {
            double seconds = Epochs.Sum(epoch => epoch.TrainSeconds);
            return seconds > 0 ? Epochs.Count * (double)TrainImages / seconds : 0;
        }
    }

    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The loss of single batches along the way.</summary>
    [JsonPropertyOrder(2), JsonConverter(typeof(LossCurveConverter))]
    public required IReadOnlyList<LossPoint> LossCurve { get; init; }

    /// <summary>Of the test set after the last epoch.</summary>
    [JsonIgnore]
    public required ConfusionMatrix Confusion { get; init; }

    [JsonPropertyName("confusion"), JsonPropertyOrder(1), JsonConverter(typeof(RowsConverter))]
    public int[][]? ConfusionRows => Sample is null ? Confusion.Rows : null;

    /// <summary>A text that the network wrote, if it is one of text; of its many characters no matrix is shown then.</summary>
    public string? Sample { get; init; }

    /// <summary>
    /// Of a network of text: bits that a character of the test text takes when the network foretells it, of each epoch's end the last.
    /// </summary>
    public double? BitsPerCharacter => Sample is not null && Epochs.Count > 0 ? Epochs[^1].TestLoss / Math.Log(2) : null;

    /// <summary>Test images that were not recognised, the most confident error first.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }
}
