using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Cli.Training.Language;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint eval</c>: evaluates a saved model on the test examples.</summary>
internal static class EvalCommand
{
    private const int SampleLength = 400;

    private static readonly Option<string> Model = new("--model")
    {
        Description = "The model.safetensors of a training run.",
        Required = true,
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = TrainingSet.Description,
    };
    private static readonly Option<int> Side =
        NumberOption.Of("--side", "Rows and columns that pictures of folders are resized to.", new TrainOptions().Side);
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object." };

    public static Command Create()
    {
        var command = new Command("eval", "Evaluate a saved model on the test examples of MNIST or of your own data.") { Model, Data, Side, Json };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static int Run(ParseResult parse, IAnsiConsole console)
    {
        string path = parse.GetValue(Model)!;
        Module net = Classifier.Load(path);
        TrainingSet set = TrainingSet.Load(parse.GetValue(Data), parse.GetValue(Side), isTestOnly: true,
            (net as TextModel)?.Context ?? 1, (net as TextModel)?.Vocabulary);
        Classifier.CheckFits(net, set, path);

        long start = Stopwatch.GetTimestamp();
        ClassifierEvaluation result = ClassifierEvaluation.Of(net, set.Test, set.Classes);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TextWriter output = parse.InvocationConfiguration.Output;
        if (parse.GetValue(Json))
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Model = path,
                    TestAccuracy = result.Accuracy,
                    TestLoss = result.Loss,
                    TestImages = set.Test.Count,
                    Seconds = seconds,
                    Confusion = net is TextModel ? null : result.Confusion.Rows,
                },
                JsonSerializerOptions.Web));
            return 0;
        }
        output.WriteLine($"{Classifier.Name(net)} from {path}");
        output.WriteLine();
        if (net is TextModel writer) output.WriteLine(writer.Write(SampleLength));
        else TerminalReport.Write(console, result.Confusion, result.Mistakes, set.What);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"test accuracy {result.Accuracy:F4}, loss {result.Loss:F4} on {set.Test.Count} {set.Examples} in {seconds:F1} s"));
        return 0;
    }
}
