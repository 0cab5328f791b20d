using System.CommandLine;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint ops</c>: the operations, or one of them, with everything they say of themselves.</summary>
internal static class OpsCommand
{
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "One operation, by its own name or by one that a formula may call it.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> Json =
        new("--json") { Description = "Print everything as JSON, with numbers to try each operation on." };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "Print docs/operations.md." };

    public static Command Create()
    {
        var command = new Command("ops", "List the operations: formula, derivative, what is kept for it, dtypes, accuracy, PyTorch's name.")
        {
            Name, Json, Markdown,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        string? name = parse.GetValue(Name);
        bool json = parse.GetValue(Json), markdown = parse.GetValue(Markdown);
        if (json && markdown) throw new ArgumentException("--json and --markdown print the same in two ways; leave one of them out.");
        if (markdown && name is not null) throw new ArgumentException($"--markdown prints all operations; leave {name} out.");
        TextWriter output = parse.InvocationConfiguration.Output;
        OpEntry[] entries = [.. (name is null ? OpTable.All : [Find(name)]).Select(op => new OpEntry(op))];
        if (json) OpsJson.Write(output, entries);
        else if (markdown) output.Write(OpsPage.Text(entries));
        else if (name is not null) WriteOne(console, entries[0]);
        else WriteAll(console, entries);
    }

    private static void WriteAll(IAnsiConsole console, OpEntry[] entries)
    {
        foreach (IGrouping<OpKind, OpEntry> kind in entries.GroupBy(entry => entry.Op.Kind))
        {
            var sheet = new Sheet("operation", "formula", "derivative") { Title = OpEntry.KindText(kind.Key) };
            foreach (OpEntry entry in kind) sheet.Add(entry.Op.Name, entry.Formula, entry.Derivative);
            sheet.Write(console);
            console.WriteLine();
        }
        console.MarkupLineInterpolated($"{entries.Length} operations. [grey]adjoint ops NAME tells everything of one.[/]");
    }

    private static void WriteOne(IAnsiConsole console, OpEntry entry)
    {
        console.MarkupLineInterpolated($"[bold]{entry.Op.Name}[/]");
        foreach ((string what, string text) in entry.Members) console.MarkupLineInterpolated($"[grey]{what,-13}[/]{text}");
    }

    private static Op Find(string name) =>
        OpTable.All.FirstOrDefault(op => op.Name == name)
        ?? OpTable.All.FirstOrDefault(op => op.Info.FormulaNames.Contains(name) || op.Info.NamesElsewhere.Contains(name))
        ?? throw new ArgumentException($"There is no operation {name}{Suggestion(name)}");

    /// <summary>What may have been meant: names that contain the word or are two letters away.</summary>
    private static string Suggestion(string name)
    {
        const int most = 5;
        string lower = name.ToLowerInvariant();
        string[] near =
        [
            .. OpTable.All.Select(op => op.Name)
                .Select(n =>
                    (Name: n, Distance: lower.Length > 1 && n.Contains(lower, StringComparison.Ordinal)
                        ? 0 : Symbolic.KnownFunctions.Distance(lower, n)))
                .Where(n => n.Distance <= Math.Min(2, name.Length - 1)).OrderBy(n => n.Distance).Select(n => n.Name).Take(most),
        ];
        return near.Length == 0 ? "; adjoint ops lists all of them." : $"; did you mean {string.Join(", ", near)}?";
    }
}
