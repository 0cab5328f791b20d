using System.Globalization;
using System.Text;

namespace Adjoint.Cli.Reports;

/// <summary>
/// Writes report.html: one page that needs nothing else, no script and no network, for light and dark screens and for paper.
/// </summary>
internal static class HtmlReport
{
    public static void Write(Stream stream, TrainingReport report) => stream.Write(Encoding.UTF8.GetBytes(Render(report)));

    public static string Render(TrainingReport report)
    {
        var html = new HtmlWriter();
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">""");
        html.Write($"""<meta name="color-scheme" content="light dark"><title>{report.Title} · Adjoint</title>""");
        WriteStyle(html);
        html.Write($"</head><body><main>");
        WriteHeader(html, report);
        html.Write($"""<div class="columns">""");
        LossChart(report).Write(html);
        AccuracyChart(report).Write(html);
        html.Write($"""</div><div class="columns uneven">""");
        ConfusionHeatMap.Write(html, report.Confusion);
        html.Write($"""<div class="stack">""");
        WriteEpochs(html, report);
        WriteOptions(html, report);
        html.Write($"</div></div>");
        MistakeGallery.Write(html, report.Mistakes, report.Confusion.Total - report.Confusion.Correct);
        html.Write($"""<footer>Trained with Adjoint on {report.Started:yyyy-MM-dd} at {report.Started:HH:mm}. {report.Machine}</footer></main></body></html>""");
        return html.ToString();
    }

    private static void WriteStyle(HtmlWriter html)
    {
        using var style = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        html.Write($"<style>");
        html.WriteVerbatim(style.ReadToEnd());
        html.Write($"</style>");
    }

    private static void WriteHeader(HtmlWriter html, TrainingReport report)
    {
        int wrong = report.Confusion.Total - report.Confusion.Correct;
        html.Write($"""<header><div><p class="kicker">Training report</p><h1>{report.Title}</h1>""");
        if (report.Interrupted is { } reason) html.Write($"""<p class="warning">{reason}</p>""");
        html.Write($"""</div><dl class="facts">""");
        Fact("Test accuracy", report.TestAccuracy.ToString("0.00%", CultureInfo.InvariantCulture), "big");
        Fact("Test errors", $"{wrong:N0} of {report.Confusion.Total:N0}");
        Fact("Epochs", report.Epochs.Count.ToString(CultureInfo.InvariantCulture));
        Fact("Time", Duration(report.Seconds));
        if (report.Epochs.Count > 0) Fact("Images a second", report.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        Fact("Parameters", report.Parameters.ToString("N0", CultureInfo.InvariantCulture));
        html.Write($"</dl></header>");

        void Fact(string name, string value, string style = "") => html.Write($"""<div class="{style}"><dt>{name}</dt><dd>{value}</dd></div>""");
    }

    private static LineChart LossChart(TrainingReport report) => new()
    {
        Title = "Loss",
        XLabel = "epoch",
        Logarithmic = true,
        Lines =
        [
            new("each batch", "batch", [.. report.LossCurve.Select(point => (point.Epoch, point.Loss))], Dots: false),
            new("train", "train", [.. report.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.TrainLoss))], Dots: true),
            new("test", "test", [.. report.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.TestLoss))], Dots: true),
        ],
    };

    private static LineChart AccuracyChart(TrainingReport report) => new()
    {
        Title = "Accuracy",
        XLabel = "epoch",
        ValueFormat = "0.00%",
        Lines =
        [
            new("train", "train", [.. report.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.TrainAccuracy))], Dots: true),
            new("test", "test", [.. report.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.TestAccuracy))], Dots: true),
        ],
    };

    private static void WriteEpochs(HtmlWriter html, TrainingReport report)
    {
        html.Write($"""<section class="card"><h2>Epochs</h2><div class="scroll"><table><thead><tr><th>epoch<th>train loss<th>test loss<th>test accuracy<th>seconds</tr></thead><tbody>""");
        double best = report.Epochs.Count == 0 ? 0 : report.Epochs.Max(epoch => epoch.TestAccuracy);
        foreach (EpochResult epoch in report.Epochs)
            html.Write($"""<tr class="{(epoch.TestAccuracy == best ? "best" : "")}"><td>{epoch.Epoch}<td>{epoch.TrainLoss:0.0000}<td>{epoch.TestLoss:0.0000}<td>{epoch.TestAccuracy:0.00%}<td>{epoch.TrainSeconds + epoch.TestSeconds:0.00}</tr>""");
        html.Write($"</tbody></table></div></section>");
    }

    private static void WriteOptions(HtmlWriter html, TrainingReport report)
    {
        html.Write($"""<section class="card"><h2>Options</h2><dl class="options">""");
        foreach ((string name, string value) in report.Options) html.Write($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        html.Write($"</dl></section>");
    }

    private static string Duration(double seconds) =>
        seconds < 100 ? seconds.ToString("0.0 s", CultureInfo.InvariantCulture)
        : seconds < 3600 ? $"{(int)seconds / 60} min {(int)seconds % 60} s"
        : $"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min";
}
