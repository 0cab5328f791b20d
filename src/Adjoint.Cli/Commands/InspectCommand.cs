using System.CommandLine;
using Adjoint.Formats;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint inspect</c>: what a file of tensors holds, whatever format it has.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> File = new("file")
    {
        Description = "A file of safetensors (or its index), PyTorch, NumPy, TorchSharp or llama.cpp (GGUF).",
    };

    public static Command Create()
    {
        var command = new Command("inspect", "List what a file holds: tensors with their types, shapes and bytes, and what else it says.")
        {
            File,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse.GetValue(File)!, console)));
        return command;
    }

    private static void Run(string path, IAnsiConsole console)
    {
        TensorFormat format = TensorFormat.Of(path);
        FileListing listing = format.List(path);
        console.MarkupLineInterpolated($"[bold]{Verb.OneLine(Path.GetFileName(path))}[/]: {format.Name}");
        if (listing.Facts.Count > 0)
        {
            var facts = new Sheet("name", "value");
            foreach ((string name, string value) in listing.Facts) facts.Add(Verb.OneLine(name), Verb.OneLine(value));
            facts.Write(console);
        }
        if (listing.Tensors.Count > 0)
        {
            var tensors = new Sheet("tensor", "type", "shape", "bytes");
            foreach (FileListing.Entry entry in listing.Tensors)
                tensors.Add(Verb.OneLine(entry.Name), entry.Type, Verb.OneLine(entry.ShapeText), $"{entry.Bytes:N0}");
            tensors.Write(console);
        }
        long elements = listing.Tensors.Sum(entry => entry.Elements), bytes = listing.Tensors.Sum(entry => entry.Bytes);
        console.MarkupLineInterpolated($"{listing.Tensors.Count} tensors, {elements:N0} elements, {bytes:N0} bytes");
    }
}
