using Adjoint.Cli.Reports;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Tests.Cli.Reports;

public class TerminalReportTests
{
    [Fact]
    public void Plain_text_has_no_escape_codes()
    {
        string text = Write(ansi: false);
        text.ShouldNotContain("\u001b");
        text.ShouldContain("    4     0     0     0     0    94     0     0     0     0     7    93.1%");
        text.ShouldContain("  test image    17: 4 taken for 9, 98.7%");
    }

    [Fact]
    public void A_terminal_gets_colours_and_drawings()
    {
        string text = Write(ansi: true);
        text.ShouldContain("Confusion matrix");
        text.ShouldContain("4 taken for 9, 98.7%");
        text.Split('\n').Count(line => line.Contains('▀')).ShouldBe(14);
    }

    [Fact]
    public void Nothing_wrong_is_nothing_drawn()
    {
        var text = new StringWriter();
        TerminalReport.Write(Console(text, ansi: false), SampleReport.Make().Confusion, []);
        text.ToString().ShouldNotContain("mistakes");
    }

    private static string Write(bool ansi)
    {
        var text = new StringWriter();
        TerminalReport.Write(Console(text, ansi), SampleReport.Make().Confusion, SampleReport.Make().Mistakes);
        return text.ToString();
    }

    private static IAnsiConsole Console(TextWriter text, bool ansi)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 120;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
