using System.Text.Json;
using Adjoint.Cli.Reports;
using Adjoint.Training;

namespace Adjoint.Tests.Cli.Reports;

public class ReportFilesTests
{
    [Fact]
    public void Metrics_hold_the_figures()
    {
        using var folder = new TemporaryFolder();
        string directory = Path.Combine(folder.Path, "runs", "one");
        ReportFiles.Write(directory, SampleReport.Make());
        Directory.GetFiles(directory).Select(Path.GetFileName).Order().ShouldBe(["metrics.json", "report.html"]);

        JsonElement metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "metrics.json"))).RootElement;
        metrics.GetProperty("testAccuracy").GetDouble().ShouldBe(945 / 952.0);
        metrics.GetProperty("imagesPerSecond").GetDouble().ShouldBe(500);
        metrics.GetProperty("options").GetProperty("lr").GetString().ShouldBe("0.001");
        metrics.GetProperty("epochs")[1].GetProperty("testLoss").GetDouble().ShouldBe(0.25);
        metrics.GetProperty("confusion")[4][9].GetInt32().ShouldBe(7);
        metrics.GetProperty("lossCurve")[1][1].GetDouble().ShouldBe(1.15);
        metrics.GetProperty("mistakes")[0].GetProperty("predicted").GetInt32().ShouldBe(9);
        metrics.TryGetProperty("interrupted", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_diverged_loss_can_be_written()
    {
        TrainingReport report =
            SampleReport.Make() with
            {
                LossCurve = [new(0.5, double.NaN)],
                Epochs = [new(1, double.PositiveInfinity, 0.1, double.NaN, 0.1, 1, 1)]
            };
        using var stream = new MemoryStream();
        MetricsJson.Write(stream, report);
        JsonElement metrics = JsonDocument.Parse(stream.ToArray()).RootElement;
        metrics.GetProperty("lossCurve")[0][1].GetString().ShouldBe("NaN");
        metrics.GetProperty("epochs")[0].GetProperty("trainLoss").GetString().ShouldBe("Infinity");
    }
}
