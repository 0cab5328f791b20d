using Adjoint.Cli;

namespace Adjoint.Tests.Cli;

/// <summary>A command that was run in this process, and what it printed.</summary>
internal sealed record CommandLineRun(int Exit, string Output, string Error)
{
    public static CommandLineRun Of(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = CommandLine.Run(args, output, error);
        return new CommandLineRun(exit, output.ToString(), error.ToString());
    }

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The command refused: one line about it, exit code 2, and nothing else printed.</summary>
    public void ShouldRefuse(string with)
    {
        Error.ShouldStartWith("error: ");
        Error.ShouldContain(with);
        Error.TrimEnd().ShouldNotContain("\n");
        Output.ShouldBeEmpty();
        Exit.ShouldBe(2);
    }
}
