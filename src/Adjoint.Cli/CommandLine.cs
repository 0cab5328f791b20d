using System.CommandLine;
using System.CommandLine.Help;
using Adjoint.Cli.Commands;

namespace Adjoint.Cli;

/// <summary>The adjoint command: one line for every verb.</summary>
internal static class CommandLine
{
    // Options stand in static fields, and the first to parse them sets them up.
    private static readonly Lock s_parsing = new();

    public static int Run(string[] args, TextWriter? output = null, TextWriter? errors = null)
    {
        var root = new Command("adjoint", "Adjoint: automatic differentiation and neural networks.")
        {
            new HelpOption(),
            new VersionOption(),
            TrainCommand.Create(),
            EvalCommand.Create(),
            CompareCommand.Create(),
            QuestCommand.Create(),
            ExplainCommand.Create(),
            InspectCommand.Create(),
            DiffCommand.Create(),
            SwellCommand.Create(),
            JacobianCommand.Create(),
            OpsCommand.Create(),
        };
        var configuration =
            new InvocationConfiguration
            {
                Output = output ?? Console.Out,
                Error = errors ?? Console.Error,
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false
            };
        // No word is the name of a file with more words in it: a formula may begin with any sign.
        ParseResult parse;
        lock (s_parsing)
            parse = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parse.Errors.Count == 0) return parse.Invoke(configuration);
        }
        catch (Exception e)
        {
            string known = e is IOException or UnauthorizedAccessException ? "" : $"{e.GetType().Name}: ";
            return Verb.Fail(configuration.Error, Verb.OneLine(known + e.Message));
        }
        string error = parse.CommandResult.Command == root
            ? Verb.OneLine($"There is no command {args[0]}") + $"; there are {string.Join(", ", root.Subcommands.Select(c => c.Name))}."
            : Verb.OneLine(parse.Errors[0].Message);
        return Verb.Fail(configuration.Error, error);
    }
}
