using System.Reflection;
using Adjoint.Cli.Quest;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli;

/// <summary><c>adjoint quest --model</c>: the program that is shown is the one that runs, compiled here and not by dotnet.</summary>
[Collection(ThreadCount.Collection)] // alone, because the console and the runner are those of the process
public class ModelQuestTests
{
    [Theory]
    [InlineData("mlp")]
    [InlineData("rnn")]
    [InlineData("attention")]
    public void A_model_trains_by_hand_to_the_same_bits(string model)
    {
        Func<string, string, string> before = WrittenProgram.Runner;
        WrittenProgram.Runner = Compiled;
        try
        {
            CommandLineRun run = CommandLineRun.Of("quest", "--model", model, "--steps", "7");
            run.Exit.ShouldBe(0, run.Error + run.Output);
            run.Lines[^1].ShouldStartWith("Identical: after 7 steps all ");
            WrittenProgram.Runner = (program, steps) => Compiled(program, "6");
            run = CommandLineRun.Of("quest", "--model", model, "--steps", "7");
            run.Exit.ShouldBe(1);
            run.Lines[^1].ShouldStartWith("Different: after 7 steps ");
        }
        finally
        {
            WrittenProgram.Runner = before;
        }
    }

    [Fact]
    public void The_whole_program_is_printed_on_request()
    {
        CommandLineRun run = CommandLineRun.Of("quest", "--model", "rnn", "--code");
        run.Exit.ShouldBe(0, run.Error);
        run.Output.ShouldStartWith("// Written by Adjoint");
        run.Output.ShouldContain("public static void Main(string[] args)");
        CommandLineRun.Of("quest", "--code").Error.ShouldContain("say which with --model");
        CommandLineRun.Of("quest", "--model", "mlp", "--json").Error.ShouldContain("--json");
        CommandLineRun.Of("quest", "--model", "cnn").Exit.ShouldNotBe(0);
    }

    private static string Compiled(string program, string steps)
    {
        MethodInfo main = Snippets.CompileSource(program).GetType("ByHand")!.GetMethod("Main")!;
        TextWriter console = Console.Out;
        var output = new StringWriter { NewLine = "\n" };
        var culture = System.Globalization.CultureInfo.CurrentCulture;
        Console.SetOut(output);
        try
        {
            main.Invoke(null, [new[] { steps }]);
        }
        finally
        {
            Console.SetOut(console);
            System.Globalization.CultureInfo.CurrentCulture = culture;
        }
        return output.ToString();
    }
}
