using System.Globalization;
using System.Text;
using Adjoint.Cli.Training;
using Adjoint.Plots;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>Several runs in one page and one table: their curves, and in what their settings differ.</summary>
/// <param name="runs">The runs, at least one.</param>
internal sealed class RunComparison(IReadOnlyList<RunMetrics> runs)
{
    /// <summary>Options that say nothing about what is learnt.</summary>
    private static readonly string[] Machine = ["threads"];

    /// <summary>The runs.</summary>
    public IReadOnlyList<RunMetrics> Runs => runs;

    /// <summary>The names of the settings in which the runs differ.</summary>
    public IReadOnlyList<string> Different { get; } =
        [.. runs.SelectMany(run => run.Options.Keys).Distinct().Except(Machine)
            .Where(option => runs.Select(run => Option(run, option)).Distinct().Count() > 1)];

    /// <summary>The settings that all runs share.</summary>
    public IReadOnlyList<(string Name, string Value)> Shared =>
        [.. runs[0].Options.Where(option => !Different.Contains(option.Key) && !Machine.Contains(option.Key))
            .Select(option => (option.Key, option.Value))];

    public static string Option(RunMetrics run, string name) => run.Options.GetValueOrDefault(name, "—");

    /// <summary>What a run is judged by: validation where it has any, otherwise test.</summary>
    public string Judged => runs.All(run => run.HasValidation) ? "validation" : "test";

    /// <summary>The loss and accuracy by which an epoch is judged.</summary>
    public (double Loss, double Accuracy) Of(EpochResult epoch) =>
        Judged == "validation" ? (epoch.ValLoss!.Value, epoch.ValAccuracy!.Value) : (epoch.TestLoss, epoch.TestAccuracy);

    /// <summary>The four pictures: loss and accuracy, of training and of what is judged by.</summary>
    public IReadOnlyList<Chart> Charts()
    {
        string judged = char.ToUpperInvariant(Judged[0]) + Judged[1..];
        return
        [
            Picture("Training loss", "0.0000", epoch => epoch.TrainLoss, logarithmic: true),
            Picture($"{judged} loss", "0.0000", epoch => Of(epoch).Loss, logarithmic: true),
            Picture("Training accuracy", "0.00%", epoch => epoch.TrainAccuracy, logarithmic: false),
            Picture($"{judged} accuracy", "0.00%", epoch => Of(epoch).Accuracy, logarithmic: false),
        ];
    }

    /// <summary>One page that needs nothing else.</summary>
    public string Render()
    {
        var html = new HtmlWriter();
        HtmlReport.WriteHead(html, "Comparison of runs");
        html.Write($"""<body><main><header><div><p class="kicker">Comparison</p><h1>{runs.Count} runs</h1></div></header>""");
        WriteTable(html);
        html.Write($"""<div class="columns">""");
        foreach (Chart chart in Charts()) ChartFigure.Write(html, chart);
        html.Write($"""</div><section class="card"><h2>The same in all</h2><dl class="options">""");
        foreach ((string name, string value) in Shared) html.Write($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        html.Write($"</dl></section></main></body></html>");
        return html.ToString();
    }

    private void WriteTable(HtmlWriter html)
    {
        html.Write($"""<section class="card"><h2>Runs</h2><div class="scroll"><table><thead><tr><th>run""");
        foreach (string option in Different) html.Write($"<th>{option}");
        html.Write($"<th>epochs<th>training loss<th>best {Judged} loss<th>in epoch<th>test accuracy<th>seconds</tr></thead><tbody>");
        double best = runs.Max(run => run.TestAccuracy);
        foreach (RunMetrics run in runs)
        {
            html.Write($"""<tr class="{(run.TestAccuracy == best ? "best" : "")}"><td>{run.Name}""");
            foreach (string option in Different) html.Write($"<td>{Option(run, option)}");
            EpochResult? judged = BestOf(run);
            html.Write($"<td>{run.Epochs.Count}<td>{Loss(run.Epochs.Count == 0 ? null : run.Epochs[^1].TrainLoss)}");
            html.Write($"<td>{Loss(judged is null ? null : Of(judged).Loss)}<td>{judged?.Epoch ?? 0}");
            html.Write($"<td>{run.TestAccuracy:0.00%}<td>{run.Seconds:0.0}</tr>");
        }
        html.Write($"</tbody></table></div></section>");
    }

    /// <summary>The epoch of a run that is judged best.</summary>
    public EpochResult? BestOf(RunMetrics run) =>
        run.Epochs.MinBy(epoch => Of(epoch).Loss is var loss && double.IsNaN(loss) ? double.PositiveInfinity : loss);

    public static string Loss(double? loss) => loss is { } value
        ? value.ToString(Math.Abs(value) < 1e6 ? "0.0000" : "0.0000e+00", CultureInfo.InvariantCulture)
        : "—";

    private Chart Picture(string title, string format, Func<EpochResult, double> value, bool logarithmic)
    {
        bool positive = runs.SelectMany(run => run.Epochs).Select(value).Where(double.IsFinite).All(v => v > 0);
        var chart = new Chart(title)
        {
            XLabel = "epoch",
            YLabel = title.Split(' ')[^1],
            FromZero = true,
            ValueFormat = format,
            LogY = logarithmic && positive,
        };
        foreach (RunMetrics run in runs)
            chart.Add(run.Name, SeriesKind.LineWithDots, run.Epochs.Select(epoch => ((double)epoch.Epoch, value(epoch))));
        return chart;
    }
}
