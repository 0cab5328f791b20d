using System.CommandLine;
using System.Globalization;
using System.Text;
using Adjoint.Cli.Reports;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Plots;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint compare</c>: several training runs in one page and one table.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string[]> Runs = new("runs")
    {
        Description = "The folders of the runs, as `adjoint train` leaves them, or one that holds them.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The page to write.",
        DefaultValueFactory = _ => Path.Combine("runs", "compare.html"),
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the table as JSON." };

    public static Command Create()
    {
        var command =
            new Command("compare", "Compare training runs: curves in one page, one table, differences of settings.") { Runs, Out, Json };
        command.SetAction(parse => Verb.Run(parse, console =>
        {
            var comparison = new RunComparison(RunMetrics.LoadAll(parse.GetValue(Runs)!));
            Write(parse, console, comparison, parse.GetValue(Out)!, parse.GetValue(Json));
        }));
        return command;
    }

    /// <summary>Writes the page, and shows the table and the picture of the losses.</summary>
    public static void Write(ParseResult parse, IAnsiConsole console, RunComparison comparison, string page, bool json)
    {
        if (string.IsNullOrWhiteSpace(page)) throw new ArgumentException("--out: it must be the name of a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(page)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes(comparison.Render())));
        if (json)
        {
            WriteJson(parse.InvocationConfiguration.Output, comparison, page);
            return;
        }
        var table =
            new Sheet(["run", .. comparison.Different, "training loss", $"best {comparison.Judged} loss", "test accuracy", "seconds"]);
        foreach (RunMetrics run in comparison.Runs)
        {
            string best = comparison.BestOf(run) is { } epoch
                ? $"{RunComparison.Loss(comparison.Of(epoch).Loss)} (epoch {epoch.Epoch})" : "—";
            string training = RunComparison.Loss(run.Epochs.Count == 0 ? null : run.Epochs[^1].TrainLoss);
            string[] cells =
            [
                run.Name, .. comparison.Different.Select(option => RunComparison.Option(run, option)), training, best,
                run.TestAccuracy.ToString("F4", CultureInfo.InvariantCulture), run.Seconds.ToString("F1", CultureInfo.InvariantCulture),
            ];
            table.Add(cells);
        }
        table.Write(console);
        console.WriteLine();
        TextWriter output = console.Profile.Out.Writer;
        output.Write(comparison.Charts()[1].ToText(columns: Math.Clamp(console.Profile.Width - 12, 16, 72), rows: 14));
        output.WriteLine();
        string shared = string.Join(", ", comparison.Shared.Select(option => $"{option.Name} {option.Value}"));
        console.MarkupLineInterpolated($"the same in all: {shared}");
        output.WriteLine($"curves of training and {comparison.Judged} loss and accuracy are in {page}");
    }

    private static void WriteJson(TextWriter output, RunComparison comparison, string page) =>
        JsonReport.Write(output, json =>
        {
            json.WriteString("page", page);
            json.WriteStartArray("different");
            foreach (string option in comparison.Different) json.WriteStringValue(option);
            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (RunMetrics run in comparison.Runs)
            {
                json.WriteStartObject();
                json.WriteString("run", run.Name);
                json.WriteString("title", run.Title);
                json.WriteStartObject("settings");
                foreach (string option in comparison.Different) json.WriteString(option, RunComparison.Option(run, option));
                json.WriteEndObject();
                json.WriteNumber("epochs", run.Epochs.Count);
                if (comparison.BestOf(run) is { } best)
                {
                    json.WriteNumber("best_epoch", best.Epoch);
                    json.WritePropertyName($"best_{comparison.Judged}_loss");
                    json.WriteAnyNumber(comparison.Of(best).Loss);
                }
                json.WriteNumber("test_accuracy", run.TestAccuracy);
                json.WriteNumber("seconds", run.Seconds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
