using Adjoint.Cli.Commands;
using Spectre.Console;

namespace Adjoint.Tests.Cli;

/// <summary>Every command with odd input: right output, or what is wrong and exit code 2; never a stack trace.</summary>
public class HostileInputTests
{
    private static readonly string[] Odd =
    [
        "", " ", "-", "--", "@file", "@/dev/zero", "x", "-x", "NaN", "Infinity", "-1", "0", "1e999", "99999999999999999999", "0x10",
            "1,000", "\0", "\u001b[31m",
        "\ufffd", "'; rm", "x=1", "x=", "=", ",", ";", ";;", "/nowhere/at/all", "/dev/null", "((((", "x*", "√", "é̂", "日本", "2147483648",
        "-2147483649", "1.5", "true", "null",
    ];

    public static TheoryData<string> Commands => ["diff", "jacobian", "swell", "quest", "eval", "train", "compare", "nonsense", ""];

    [Theory, MemberData(nameof(Commands))]
    public void Is_answered_or_refused_in_words(string command)
    {
        string[][] shapes = command switch
        {
            "diff" =>
                [["{0}"], ["x", "--at", "{0}"], ["x", "--at", "x={0}"], ["x", "--order", "{0}"], ["x", "--wrt", "{0}"],
                    ["x", "--mode", "{0}"], ["{0}", "{0}"], ["--latex", "{0}"], ["{0}", "--json", "--at", "x=2"]],
            "jacobian" => [["{0}"], ["x", "--at", "{0}"], ["x;{0}"], ["{0}", "{0}", "--json"], ["{0}", "--at", "x=1"]],
            "swell" => [["--n", "{0}"], ["--formulas", "{0}"], ["{0}"]],
            "quest" => [["--steps", "{0}", "--show", "0"], ["--show", "{0}", "--steps", "2"], ["{0}"]],
            "eval" => [["--model", "{0}"], ["{0}"], ["--model", "x", "--data", "{0}"]],
            "train" =>
                [["--data", "/nowhere", "--epochs", "{0}"], ["--data", "/nowhere", "--lr", "{0}"],
                    ["--data", "/nowhere", "--hidden", "{0}"],
                ["--data", "/nowhere", "--seed", "{0}"], ["--data", "/nowhere", "--cooldown", "{0}"],
                ["--data", "/nowhere", "--threads", "{0}"], ["--data", "{0}", "--epochs", "0"],
                .. ((string[])["--vary", "--dropout", "--val-split", "--early-stop", "--scheduler", "--optimizer", "--batch", "--momentum"])
                    .Select(option => (string[])["--data", "/nowhere", option, "{0}"]),
                ["--data", "/nowhere", "--vary", "lr={0}"], ["--data", "/nowhere", "--vary", "{0}=1,2"]],
            "compare" => [["{0}"], ["/nowhere", "{0}"], ["{0}", "{0}"]],
            _ => [["{0}"]],
        };
        foreach (string[] shape in shapes)
            foreach (string odd in Odd)
            {
                string[] args = [command, .. shape.Select(s => s.Replace("{0}", odd))];
                if (command.Length == 0) args = args[1..];
                CommandLineRun run = CommandLineRun.Of(args);
                string what = string.Join("|", args);
                run.Exit.ShouldBeOneOf([0, 2], what);
                (run.Output + run.Error).ShouldNotContain("   at ", customMessage: what);
                (run.Output + run.Error).ShouldNotContain("Exception", customMessage: what);
                run.Error.ShouldNotContain("\u001b", customMessage: what);
                if (run.Exit == 0) { run.Error.ShouldBeEmpty(what); continue; }
                run.Error.ShouldStartWith("error: ", customMessage: what);
                // Of several runs each begins with its name.
                if (!args.Contains("--vary")) run.Output.ShouldBeEmpty(what);
                // One line; a formula is shown with a caret below.
                run.Error.TrimEnd().Split('\n').Length.ShouldBeOneOf([1, 3], what);
            }
    }

    /// <summary>
    /// Random pieces of formulas in any order, at points that are hard for them: most are no formulas, and some are terrible ones.
    /// </summary>
    [Fact]
    public void Random_pieces_of_formulas_are_answered_or_refused_in_words()
    {
        string[] pieces =
        [
            "x", "y", "2", "-", "+", "*", "/", "^", "(", ")", "sin(", "ln(", "sqrt(", "|", ",", ";", "=", "<", "if(", "e", "pi", "0",
                "1e308", "1e-320", "0/0", "!", "atan2(", "max(", "abs(", "floor(", "x^x^x",
            "^-1", "^(1/3)", "²", "√x", "π", "·", "−", "%", "&", "dx", "'", "1/0", "x/x", "tan(pi/2)", "(x + 1)^40", "exp(exp(", "gamma(",
            "e^(", "0^0", "sinc(", "x_1", "9999999999999999999999",
        ];
        string[] points =
            ["x=0,y=0", "x=NaN,y=1", "x=Infinity,y=-Infinity", "x=-1,y=1e308", "x=1e-320,y=-0", "x=2,y=3", "x=pi,y=e", "x=1/3,y=sqrt(2)"];
        var random = new System.Random(1917);
        int answered = 0;
        for (int n = 0; n < 600; n++)
        {
            string formula = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            formula += new string(')', Math.Max(0, formula.Count(c => c == '(') - formula.Count(c => c == ')')));
            string[] args = random.Next(4) switch
            {
                0 => ["diff", formula],
                1 => ["diff", formula, "--latex", "--order", $"{random.Next(1, 4)}"],
                2 => ["jacobian", formula, "--at", points[random.Next(points.Length)]],
                _ => ["diff", formula, "--at", points[random.Next(points.Length)]],
            };
            CommandLineRun run = CommandLineRun.Of(args);
            string what = string.Join("|", args);
            run.Exit.ShouldBeOneOf([0, 2], what);
            (run.Output + run.Error).ShouldNotContain("   at ", customMessage: what);
            (run.Output + run.Error).ShouldNotContain("Exception", customMessage: what);
            if (run.Exit == 0) answered++;
            else run.Error.ShouldStartWith("error: ", customMessage: what);
        }
        answered.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_point_may_be_given_name_by_name_and_formulas_word_by_word()
    {
        CommandLineRun.Of("diff", "x*y", "--at", "x=1", "--at", "y=2").Output.ShouldBe(
            CommandLineRun.Of("diff", "x*y", "--at", "x=1,y=2").Output);
        CommandLineRun.Of("jacobian", "x*y", "sin(x)").Output.ShouldBe(CommandLineRun.Of("jacobian", "x*y; sin(x)").Output);
        CommandLineRun.Of("diff", "x", "+", "y").Output.ShouldBe(CommandLineRun.Of("diff", "x + y").Output);
        CommandLineRun.Of("diff", "x*y", "--at", "x=1", "y=2").ShouldRefuse("--at x=1 --at y=2");
        CommandLineRun.Of("diff", "x^2", "y^2").ShouldRefuse("for several there is jacobian");
        CommandLineRun.Of("diff", "2", "x").ShouldRefuse("to multiply write *");
        CommandLineRun.Of("diff", "x", "(y + 1)").ShouldRefuse("one formula");
        CommandLineRun.Of("diff", "x*y", "--at", "x=1", "--at", "x=2,y=1").ShouldRefuse("x has two values");
        CommandLineRun.Of("diff", "xy", "--at", "x=1,y=2").ShouldRefuse("the product is written x*y");
        CommandLineRun.Of("diff", "e*x").Output.ShouldContain("e is the number 2.718…");
        CommandLineRun.Of("diff", "e^x").Output.ShouldNotContain("2.718");
    }

    [Theory, InlineData(20), InlineData(40), InlineData(60), InlineData(80), InlineData(200)]
    public void A_sheet_is_readable_at_every_width(int width)
    {
        var sheet = new Sheet("method", "∂²f/∂x²", "∂²f/∂x∂y", "digits", "cost") { Title = "second order" };
        sheet.Add("numeric", "0.04885611032633542", "-1.4656833097921548e-13", "11.8", "237 evaluations");
        sheet.Add("symbolic", "0.0488561103264068", "0.1465683309792204", "—", "27 operations in the formula");
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        sheet.Write(console);
        string[] lines = [.. writer.ToString().Split('\n').Select(line => line.TrimEnd())];
        lines.Max(line => line.Length).ShouldBeLessThanOrEqualTo(width);
        string text = string.Join("\n", lines);
        // No number and no name is broken, whatever the width.
        foreach (string whole in (string[])["0.04885611032633542", "∂²f/∂x∂y", "0.1465683309792204", "numeric", "symbolic", "11.8"])
            text.ShouldContain(whole);
        if (width >= 40) text.ShouldContain("-1.4656833097921548e-13");
        text.Contains('│').ShouldBe(sheet.Width <= width);
    }
}
