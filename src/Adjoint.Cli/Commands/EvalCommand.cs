using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint eval</c>: evaluates a saved model on the test images.</summary>
internal static class EvalCommand
{
    private static readonly Option<string> Model = new("--model")
    {
        Description = "The model.safetensors of a training run.",
        Required = true,
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The folder with the four MNIST files; by default data/mnist, here or above.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object." };

    public static Command Create()
    {
        var command = new Command("eval", "Evaluate a saved model on the MNIST test images.") { Model, Data, Json };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static int Run(ParseResult parse, IAnsiConsole console)
    {
        string path = parse.GetValue(Model)!;
        Sequential net = Mlp.Load(path);
        ImageDataset test = Mnist.Load(train: false, parse.GetValue(Data));
        IReadOnlyList<int> sizes = Mlp.Sizes(net);
        int pixels = test.Images.Height * test.Images.Width;
        if (sizes[0] != pixels || sizes[^1] != MnistFiles.Classes)
            throw new ArgumentException(
                $"{path}: the model maps {sizes[0]} pixels to {sizes[^1]} classes, but the images have {pixels} pixels and "
                    + $"{MnistFiles.Classes} classes.");

        long start = Stopwatch.GetTimestamp();
        ClassifierEvaluation result = ClassifierEvaluation.Of(net, test);
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
                    TestImages = test.Count,
                    Seconds = seconds,
                    Confusion = result.Confusion.Rows,
                },
                JsonSerializerOptions.Web));
            return 0;
        }
        output.WriteLine($"{Mlp.Name(sizes)} from {path}");
        output.WriteLine();
        TerminalReport.Write(console, result.Confusion, result.Mistakes);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"test accuracy {result.Accuracy:F4}, loss {result.Loss:F4} on {test.Count} images in {seconds:F1} s"));
        return 0;
    }
}
