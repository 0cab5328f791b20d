using System.CommandLine;
using Adjoint.Cli.Commands;

namespace Adjoint.Cli;

/// <summary>The adjoint command: one line for every verb.</summary>
internal static class CommandLine
{
    public static int Run(string[] args, TextWriter? output = null, TextWriter? errors = null)
    {
        var root = new RootCommand("Adjoint: automatic differentiation and neural networks.")
        {
            TrainCommand.Create(),
            EvalCommand.Create(),
            QuestCommand.Create(),
            DiffCommand.Create(),
            SwellCommand.Create(),
            JacobianCommand.Create(),
        };
        var configuration = new InvocationConfiguration { Output = output ?? Console.Out, Error = errors ?? Console.Error, ProcessTerminationTimeout = null };
        var parse = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parse.Errors.Count == 0) return parse.Invoke(configuration);
        string error = parse.CommandResult.Command == root
            ? $"There is no command {args[0]}; there are {string.Join(", ", root.Subcommands.Select(c => c.Name))}."
            : Verb.OneLine(parse.Errors[0].Message);
        configuration.Error.WriteLine("error: " + error);
        return Verb.UsageError;
    }
}
