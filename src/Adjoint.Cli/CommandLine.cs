using System.CommandLine;
using System.CommandLine.Help;
using Adjoint.Cli.Commands;

namespace Adjoint.Cli;

/// <summary>The adjoint command: one line for every verb.</summary>
internal static class CommandLine
{
    // Options stand in static fields, and the first to parse them sets them up.
    private static readonly Lock s_parsing = new();

    private static Command Commands() => new("adjoint", "Adjoint: automatic differentiation and neural networks.")
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

    public static int Run(string[] args, TextWriter? output = null, TextWriter? errors = null)
    {
        var configuration =
            new InvocationConfiguration
            {
                Output = output ?? Console.Out,
                Error = errors ?? Console.Error,
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false
            };
        // No word is the name of a file with more words in it: a formula may begin with any sign.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        Command root;
        ParseResult parse;
        // A command that is made takes the options that stand in static fields, as do those that are made and parsed at the same time.
        lock (s_parsing)
        {
            root = Commands();
            parse = root.Parse(args.Length == 0 ? ["--help"] : args, parser);
        }
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
