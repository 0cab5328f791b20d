using System.CommandLine;
using Adjoint.Symbolic;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>What all verbs share: where they write, and how they fail.</summary>
internal static class Verb
{
    /// <summary>The exit code of a command that was asked something it cannot do.</summary>
    public const int UsageError = 2;

    private const int MinWidth = 20;

    /// <summary>A console that writes to the invocation's output; wide enough for tables when that is a file.</summary>
    public static IAnsiConsole Console(ParseResult parse)
    {
        var output = parse.InvocationConfiguration.Output;
        bool terminal = output == System.Console.Out && !System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
        });
        // A file is as wide as it likes, unless it is said how wide what shows it is.
        if (!terminal)
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns >= MinWidth
            ? columns : 200;
        // A terminal that does not say is not narrower than a letter.
        if (console.Profile.Width < MinWidth) console.Profile.Width = MinWidth;
        return console;
    }

    /// <summary>Runs a verb; what the user did wrong becomes one clear line on the error output and exit code 2.</summary>
    public static int Run(ParseResult parse, Action<IAnsiConsole> body) => Run(parse, console =>
    {
        body(console);
        return 0;
    });

    /// <summary>Runs a verb that has exit codes of its own.</summary>
    /// <inheritdoc cref="Run(ParseResult, Action{IAnsiConsole})"/>
    public static int Run(ParseResult parse, Func<IAnsiConsole, int> body)
    {
        try
        {
            return body(Console(parse));
        }
        catch (Exception e) when (
            e is ParseException or KeyNotFoundException or ArgumentException or InvalidOperationException or NotSupportedException
            or IOException or UnauthorizedAccessException or TensorException or OutOfMemoryException)
        {
            string message = e switch
            {
                ParseException => e.Message,        // shows the place on lines of its own
                ArgumentException { ParamName: { } name } => OneLine(e.Message.Replace($" (Parameter '{name}')", "")),
                _ => OneLine(e.Message),
            };
            return Fail(parse.InvocationConfiguration.Error, message);
        }
    }

    /// <summary>Says what is wrong, if anybody can be told.</summary>
    public static int Fail(TextWriter errors, string message)
    {
        try
        {
            errors.WriteLine("error: " + message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The error output is closed.
        }
        return UsageError;
    }

    /// <summary>The same words without line breaks, without what a terminal would obey, and not endless: they may quote a file.</summary>
    public static string OneLine(string message)
    {
        const int most = 1000;
        if (message.Length > most) message = message[..most] + " …";
        string line = string.Join(" ", message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return string.Concat(line.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : $"{c}"));
    }
}
