using System.Reflection;
using System.Text.Json;
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
            run = CommandLineRun.Of("quest", "--model", model, "--steps", "7", "--json");
            run.Exit.ShouldBe(1);
            JsonElement differs = JsonDocument.Parse(run.Output).RootElement;
            differs.GetProperty("identical").GetBoolean().ShouldBeFalse();
            differs.GetProperty("different").GetArrayLength().ShouldBeGreaterThan(0);
            WrittenProgram.Runner = Compiled;
            JsonElement same = JsonDocument.Parse(CommandLineRun.Of("quest", "--model", model, "--steps", "7", "--json").Output).RootElement;
            same.GetProperty("identical").GetBoolean().ShouldBeTrue();
            same.GetProperty("compared").GetInt32().ShouldBe(differs.GetProperty("compared").GetInt32());
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
        CommandLineRun.Of("quest", "--model", "mlp", "--lr", "0.1").ShouldRefuse("--lr: is of the neuron");
        JsonElement data = JsonDocument.Parse(CommandLineRun.Of("quest", "--model", "rnn", "--code", "--json").Output).RootElement;
        data.GetProperty("by_hand").GetString().ShouldBe(run.Output);
        data.GetProperty("lines_by_hand").GetInt32().ShouldBe(run.Output.Count(c => c == '\n'));
        CommandLineRun missing = CommandLineRun.Of("quest", "--model", "cnn");
        missing.Exit.ShouldNotBe(0);
        missing.Error.ShouldContain("neither one of mlp, rnn, attention, nor a file");
    }

    /// <summary>Typed, printed by this library, printed by PyTorch: with losses and optimizers of every kind, draws, and both precisions.</summary>
    [Theory]
    [InlineData("net = Sequential(Linear(4, 8), Tanh(), Linear(8, 1))")]
    [InlineData("# a classifier\nnet = Sequential(Linear(4, 8, bias=False), GELU(approximate='tanh'), Dropout(0.3), Linear(8, 3))\n"
        + "loss = CrossEntropyLoss(label_smoothing=0.1)\noptimizer = Adam(lr=0.01, betas=(0.8, 0.99), amsgrad=True)\nseed = 7")]
    [InlineData("net = Sequential(\n  (0): Linear(in_features=4, out_features=5, bias=True)\n  (1): ReLU(inplace=True)\n  (act): ELU(alpha=1.0)\n"
        + "  (2): BatchNorm1d(5, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n)\noptimizer = NAdam()")]
    [InlineData("net = Sequential(Embedding(9, 5), Flatten(), Linear(15, 4), LogSoftmax(dim=1))\nloss = NLLLoss\noptimizer = RAdam(lr=0.01)\n"
        + "input = [7, 3]")]
    [InlineData("net = Sequential(Tanh(), Linear(4, 2, dtype=float64), Sigmoid())\ninput=[3,4]\nloss=BCELoss(reduction='sum')\noptimizer=Adamax")]
    [InlineData("net = Sequential(Conv2d(2, 3, kernel_size=(2, 3), stride=2, padding=(1, 0)), Tanh(), Flatten(), Linear(18, 2))\n"
        + "input = [4, 2, 5, 6]")]
    [InlineData("net = Sequential(Conv1d(2, 3, 3, padding='same'), Flatten(), Linear(15, 2))\ninput = [4, 2, 5]")]
    public void A_file_describes_a_model(string text)
    {
        string folder = Directory.CreateTempSubdirectory("adjoint-model-").FullName, file = Path.Combine(folder, "model.txt");
        Func<string, string, string> before = WrittenProgram.Runner;
        WrittenProgram.Runner = Compiled;
        try
        {
            File.WriteAllText(file, text);
            CommandLineRun run = CommandLineRun.Of("quest", "--model", file, "--steps", "5");
            run.Exit.ShouldBe(0, run.Error + run.Output);
            run.Output.ShouldContain("loss.Call(net.Call(x), target).Backward();");
            run.Lines[^1].ShouldStartWith("Identical: after 5 steps all ");
        }
        finally
        {
            WrittenProgram.Runner = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_training_that_comes_apart_does_so_by_hand_too()
    {
        string folder = Directory.CreateTempSubdirectory("adjoint-model-").FullName, file = Path.Combine(folder, "model.txt");
        Func<string, string, string> before = WrittenProgram.Runner;
        WrittenProgram.Runner = Compiled;
        try
        {
            File.WriteAllText(file, "net = Sequential(Linear(4, 8), ReLU(), Linear(8, 1))\noptimizer = SGD(lr=1e4)");
            CommandLineRun run = CommandLineRun.Of("quest", "--model", file, "--steps", "30");
            run.Exit.ShouldBe(0, run.Error + run.Output);
            run.Lines[^2].ShouldStartWith("Identical: after 30 steps");
            run.Lines[^1].ShouldContain("is not finite any more");
        }
        finally
        {
            WrittenProgram.Runner = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("", "needs a network")]
    [InlineData("net = Linear(4)", "outFeatures is missing")]
    [InlineData("net = Linear(4, 2, colour=3)", "has no colour. It takes inFeatures,")]
    [InlineData("net = Linear(4, x)", "must be a whole number")]
    [InlineData("net = Linear(0.5, 2)", "must be a whole number")]
    [InlineData("net = Linear(-4, 2)", "Linear:")]
    [InlineData("net = Conv2d(3, 3)", "Conv2d: kernelSize is missing")]
    [InlineData("net = Conv2d(3, 3, kernel_size=same)", "kernel_size must be a whole number, or one for each dimension")]
    [InlineData("net = Conv2d(3, 3, [3, 0.5])", "must be a whole number, or one for each dimension")]
    [InlineData("net = Conv2d(3, 3, 3, padding=equal)", "or same or valid")]
    [InlineData("net = Conv4d(3, 3)", "there is no module \"Conv4d\". There are AdaptiveAvgPool1d,")]
    [InlineData("net = MSELoss()", "there is no module \"MSELoss\"")]
    [InlineData("net = Tanh()\ninput = [3]", "has no parameter to train")]
    [InlineData("net = Sequential(Tanh(), Linear(4, 2))", "say it: input = [6, 4]")]
    [InlineData("net = Linear(4, 2)\ninput = [6, 5]", "model.txt: ")]
    [InlineData("net = Linear(4, 2)\ninput = 6", "must be a list of sizes")]
    [InlineData("net = Linear(4, 2)\nlos = MSELoss()", "\"los\" says nothing here")]
    [InlineData("net = Linear(4, 2)\nnet = Linear(4, 2)", "is there twice")]
    [InlineData("net = Linear(4, 2)\nloss = MSELoss(reduction='none')", "must be one number")]
    [InlineData("net = Linear(4, 2)\noptimizer = SGD(lr=-1)", "SGD:")]
    [InlineData("net = Linear(4, 2)\nseed = 1.5", "seed must be a whole number")]
    [InlineData("net = Linear(4, 2", "line 1: a ) is missing")]
    [InlineData("net = Linear(4, 2)\n\n= 3", "line 3: \"=\" is not expected")]
    [InlineData("net", "expected =")]
    [InlineData("net = Linear(4, 2)\ninput = [999999, 999999]", "model.txt: input: The shape [999999, 999999]")]
    [InlineData("net = Linear(999999999, 999999999)", "model.txt: Linear: The shape")]
    [InlineData("net = Linear(4, 2)\ninput = [-3, 4]", "must be a list of sizes")]
    [InlineData("net = Linear(4, 2)\noptimizer = LBFGS()", "model.txt: LBFGS.Step: ")]
    [InlineData("net = System.IO.File.Delete(\"x\")", "there is no module \"System.IO.File.Delete\"")]
    [InlineData("net = Linear(\0, 3)", "is not expected")]
    [InlineData("net = Linear(4, 2)\nseed = 99999999999999999999", "seed must be a whole number")]
    [InlineData("net = Linear(1e400, 2)", "must be a whole number")]
    [InlineData("net = Sequential()", "has no parameter to train")]
    public void What_describes_no_model_is_refused_by_what_is_wrong(string text, string message)
    {
        string folder = Directory.CreateTempSubdirectory("adjoint-model-").FullName, file = Path.Combine(folder, "model.txt");
        try
        {
            File.WriteAllText(file, text);
            CommandLineRun run = CommandLineRun.Of("quest", "--model", file, "--code");
            run.Exit.ShouldBe(2);
            run.Error.ShouldContain(message);
            run.Error.TrimEnd().ShouldNotContain("\n");
            run.Output.ShouldBe("");
            File.WriteAllText(file, "net = " + new string('(', 100_000));
            CommandLineRun.Of("quest", "--model", file).Error.ShouldContain("brackets lie too deep");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void What_is_no_file_or_has_no_end_is_refused()
    {
        foreach (string path in (string[])["", " ", ".", "nowhere.txt", "/nowhere/model.txt", "a\0b"])
        {
            CommandLineRun run = CommandLineRun.Of("quest", "--model", path);
            run.Exit.ShouldBe(2);
            run.Error.ShouldContain("is neither one of mlp, rnn, attention, nor a file");
        }
        if (!File.Exists("/dev/zero")) return;
        CommandLineRun endless = CommandLineRun.Of("quest", "--model", "/dev/zero");
        endless.Exit.ShouldBe(2);
        endless.Error.ShouldContain("larger than a description of a model can be");
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
