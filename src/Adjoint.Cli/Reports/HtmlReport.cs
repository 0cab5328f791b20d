using System.Globalization;
using System.Text;
using Adjoint.Cli.Training;
using Adjoint.Plots;
using Adjoint.Training;

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
        WriteHead(html, report.Title);
        html.Write($"<body><main>");
        WriteHeader(html, report);
        html.Write($"""<div class="columns">""");
        ChartFigure.Write(html, LossChart(report));
        ChartFigure.Write(html, AccuracyChart(report));
        html.Write($"""</div><div class="columns uneven">""");
        if (report.Sample is { } sample) WriteSample(html, sample);
        else ConfusionHeatMap.Write(html, report.Confusion, report.What);
        html.Write($"""<div class="stack">""");
        WriteEpochs(html, report);
        WriteOptions(html, report);
        html.Write($"</div></div>");
        if (report.Sample is null)
            MistakeGallery.Write(html, report.Mistakes, report.Confusion.Total - report.Confusion.Correct, report.What);
        html.Write($"""<footer>Trained with Adjoint on {report.Started:yyyy-MM-dd} at {report.Started:HH:mm}. {report.Machine}</footer></main></body></html>""");
        return html.ToString();
    }

    /// <summary>What stands before the body of every page: the title and the style.</summary>
    public static void WriteHead(HtmlWriter html, string title)
    {
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">""");
        html.Write($"""<meta name="color-scheme" content="light dark"><title>{title} · Adjoint</title>""");
        using var style = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        html.Write($"<style>");
        html.WriteVerbatim(style.ReadToEnd());
        html.Write($"</style></head>");
    }

    private static void WriteHeader(HtmlWriter html, TrainingReport report)
    {
        int wrong = report.Confusion.Total - report.Confusion.Correct;
        html.Write($"""<header><div><p class="kicker">Training report</p><h1>{report.Title}</h1>""");
        if (report.Interrupted is { } reason) html.Write($"""<p class="warning">{reason}</p>""");
        if (report.BestEpoch is { } kept) html.Write($"""<p class="note">Stopped early: the validation loss was least in epoch {kept}, whose weights were taken back.</p>""");
        html.Write($"""</div><dl class="facts">""");
        Fact("Test accuracy", report.TestAccuracy.ToString("0.00%", CultureInfo.InvariantCulture), "big");
        Fact("Test errors", $"{wrong:N0} of {report.Confusion.Total:N0}");
        if (report.BitsPerCharacter is { } bits) Fact("Bits a character", bits.ToString("0.000", CultureInfo.InvariantCulture));
        Fact("Epochs", report.Epochs.Count.ToString(CultureInfo.InvariantCulture));
        Fact("Time", Duration(report.Seconds));
        if (report.Epochs.Count > 0)
        {
            Fact(
                report.Sample is null ? "Images a second" : "Stretches a second",
                report.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        }
        Fact("Parameters", report.Parameters.ToString("N0", CultureInfo.InvariantCulture));
        html.Write($"</dl></header>");

        void Fact(string name, string value, string style = "") =>
            html.Write($"""<div class="{style}"><dt>{name}</dt><dd>{value}</dd></div>""");
    }

    private static Chart LossChart(TrainingReport report)
    {
        IEnumerable<double> all = report.LossCurve.Select(point => point.Loss)
            .Concat(report.Epochs.SelectMany(epoch => (double[])[epoch.TrainLoss, epoch.TestLoss, epoch.ValLoss ?? 1]));
        var chart =
            new Chart("Loss")
            {
                XLabel = "epoch",
                FromZero = true,
                ValueFormat = "0.0000",
                LogY = all.Where(double.IsFinite).All(loss => loss > 0)
            };
        chart.Add("each batch", SeriesKind.Line, report.LossCurve.Select(point => (point.Epoch, point.Loss)), style: "batch");
        return WithEpochs(chart, report, epoch => epoch.TrainLoss, epoch => epoch.ValLoss, epoch => epoch.TestLoss);
    }

    private static Chart AccuracyChart(TrainingReport report) =>
        WithEpochs(
            new Chart("Accuracy") { XLabel = "epoch", FromZero = true, ValueFormat = "0.00%" }, report,
            epoch => epoch.TrainAccuracy, epoch => epoch.ValAccuracy, epoch => epoch.TestAccuracy);

    /// <summary>A line for training, one for validation where there is any, one for testing.</summary>
    private static Chart WithEpochs(
        Chart chart, TrainingReport report, Func<EpochResult, double> train, Func<EpochResult, double?> validation,
        Func<EpochResult, double> test)
    {
        chart.Add("train", SeriesKind.LineWithDots, report.Epochs.Select(epoch => ((double)epoch.Epoch, train(epoch))), style: "train");
        if (report.Epochs.Any(epoch => validation(epoch) is not null))
            chart.Add("validation", SeriesKind.LineWithDots, report.Epochs.Select(e => ((double)e.Epoch, validation(e) ?? double.NaN)),
                style: "validation");
        return chart.Add("test", SeriesKind.LineWithDots, report.Epochs.Select(epoch => ((double)epoch.Epoch, test(epoch))), style: "test");
    }

    private static void WriteEpochs(HtmlWriter html, TrainingReport report)
    {
        bool validated = report.Epochs.Any(epoch => epoch.ValLoss is not null);
        html.Write($"""<section class="card"><h2>Epochs</h2><div class="scroll"><table><thead><tr><th>epoch<th>train loss""");
        if (validated) html.Write($"<th>validation loss");
        html.Write($"<th>test loss<th>test accuracy<th>seconds</tr></thead><tbody>");
        double best = report.Epochs.Count == 0 ? 0 : report.Epochs.Max(epoch => epoch.TestAccuracy);
        foreach (EpochResult epoch in report.Epochs)
        {
            html.Write($"""<tr class="{(epoch.TestAccuracy == best ? "best" : "")}"><td>{epoch.Epoch}<td>{epoch.TrainLoss:0.0000}""");
            if (validated) html.Write($"<td>{epoch.ValLoss ?? double.NaN:0.0000}");
            html.Write($"<td>{epoch.TestLoss:0.0000}<td>{epoch.TestAccuracy:0.00%}<td>{epoch.TrainSeconds + epoch.TestSeconds:0.00}</tr>");
        }
        html.Write($"</tbody></table></div></section>");
    }

    private static void WriteSample(HtmlWriter html, string sample) => html.Write(
        $"""<figure class="card"><figcaption><h2>What it writes</h2><p class="note">Each character is drawn among the ten likeliest.</p></figcaption><pre class="sample">{sample}</pre></figure>""");

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
