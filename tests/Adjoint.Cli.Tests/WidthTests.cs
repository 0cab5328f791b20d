using System.Text.RegularExpressions;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli;

/// <summary>What every command prints, in terminals of several widths.</summary>
[Collection(ThreadCount.Collection)] // alone, because COLUMNS is the process's
public partial class WidthTests
{
    private static readonly string[][] Lines =
    [
        ["diff", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5"], ["diff", "sin(x)*exp(y)", "--at", "x=1.1,y=0.3", "--order", "2"],
            ["diff", "x^2*y", "--at", "x=1.5,y=2.5", "--trace"],
        ["diff", "tanh(x*y)/x"], ["jacobian", "x*y", "sin(x)", "exp(y)", "--at", "x=1.25,y=0.75"], ["swell", "--n", "5"], ["ops"],
        ["ops", "gelu_tanh"], ["quest", "--steps", "3"], ["--help"], ["diff", "--help"],
    ];

    public static TheoryData<int, int> Cases =>
        [.. from width in (int[])[40, 60, 80] from line in Enumerable.Range(0, Lines.Length) select (width, line)];

    [Theory, MemberData(nameof(Cases))]
    public void A_table_fits_and_no_number_is_broken(int width, int line)
    {
        string wide = Printed(200, Lines[line]), narrow = Printed(width, Lines[line]);
        string which = $"{string.Join(' ', Lines[line])} at {width}:\n{narrow}";
        if (!Lines[line].Contains("--help"))
            narrow.Split('\n').Where(text => text.TrimEnd().Length > width && text.Contains('│')).ShouldBeEmpty(which);
        foreach (string number in Number().Matches(wide).Select(m => m.Value).Distinct())
            narrow.ShouldContain(number, customMessage: which);
    }

    private static string Printed(int columns, string[] args)
    {
        string? before = Environment.GetEnvironmentVariable("COLUMNS");
        Environment.SetEnvironmentVariable("COLUMNS", $"{columns}");
        try
        {
            CommandLineRun run = CommandLineRun.Of(args);
            run.Exit.ShouldBe(0, run.Error);
            return run.Output;
        }
        finally
        {
            Environment.SetEnvironmentVariable("COLUMNS", before);
        }
    }

    [GeneratedRegex(@"-?\d+\.\d{3,}(e[+-]?\d+)?")]
    private static partial Regex Number();
}
