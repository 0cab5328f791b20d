using System.Globalization;
using Adjoint.Data;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli.Training;

/// <summary>Other networks and other data than the main job's.</summary>
[Collection(ThreadCount.Collection)]
public sealed class TrainDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Cpu.Threads = 0;
        _folder.Dispose();
    }

    private string Out => _folder.File("out");

    private CommandLineRun Train(params string[] arguments) => CommandLineRun.Of(["train", "--out", Out, .. arguments]);

    private static double Accuracy(CommandLineRun run) =>
        double.Parse(run.Lines[^1].Split(' ')[2].TrimEnd(','), CultureInfo.InvariantCulture);

    [Theory, InlineData(false), InlineData(true)]
    public void A_network_of_convolutions_learns_is_saved_and_evaluated(bool isCompiled)
    {
        string data = SmallMnist.WriteTo(_folder.File("data"), 600, 200);
        CommandLineRun run = Train(["--model", "cnn", "--channels", "4,8", "--hidden", "16", "--batchnorm", "--data", data, "--epochs", "6", "--lr",
            "0.01", .. isCompiled ? (string[])["--compile"] : []]);
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldStartWith("CNN 1-4-8 392-16-10 on MNIST: ");
        Accuracy(run).ShouldBeGreaterThan(0.7);
        File.ReadAllText(Path.Combine(Out, "metrics.json")).ShouldContain("\"channels\": \"4,8\"");
        CommandLineRun eval = CommandLineRun.Of("eval", "--model", Path.Combine(Out, "model.safetensors"), "--data", data);
        eval.Error.ShouldBeEmpty();
        eval.Lines[0].ShouldStartWith("CNN 1-4-8 392-16-10 from ");
        Accuracy(eval).ShouldBe(Accuracy(run));
    }

    [Fact]
    public void A_residual_network_learns_is_saved_and_evaluated()
    {
        string data = SmallMnist.WriteTo(_folder.File("data"), 600, 200);
        CommandLineRun run = Train("--model", "resnet", "--channels", "8,16", "--data", data, "--epochs", "6", "--lr", "0.01", "--batch", "16",
            "--compile");
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldStartWith("ResNet 1-8-16-10 on MNIST: ");
        Accuracy(run).ShouldBeGreaterThan(0.7);
        CommandLineRun eval = CommandLineRun.Of("eval", "--model", Path.Combine(Out, "model.safetensors"), "--data", data);
        eval.Error.ShouldBeEmpty();
        eval.Lines[0].ShouldStartWith("ResNet 1-8-16-10 from ");
        Accuracy(eval).ShouldBe(Accuracy(run));
        Train("--model", "resnet", "--hidden", "16", "--data", data).Error.ShouldContain("no hidden linear layers");
    }

    [Fact]
    public void A_table_is_learnt_from_its_last_column()
    {
        var random = new Random(1);
        var lines = new List<string> { "a;b;kind" };
        for (int i = 0; i < 300; i++)
        {
            double a = random.NextDouble() * 1000, b = random.NextDouble() - 5;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{a:F3};{b:F4};{(a / 1000 > b + 5 ? "above" : "below")}"));
        }
        string csv = _folder.File("table.csv");
        File.WriteAllLines(csv, lines);
        CommandLineRun run = Train("--data", csv, "--hidden", "16", "--epochs", "20", "--lr", "0.02", "--batch", "16");
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldBe("MLP 2-16-2 on table.csv: 82 parameters, 240 training and 60 test rows");
        Accuracy(run).ShouldBeGreaterThan(0.85);
        CommandLineRun eval = CommandLineRun.Of("eval", "--model", Path.Combine(Out, "model.safetensors"), "--data", csv);
        eval.Error.ShouldBeEmpty();
        Accuracy(eval).ShouldBe(Accuracy(run));
        CommandLineRun cnn = Train("--data", csv, "--model", "cnn");
        cnn.Exit.ShouldNotBe(0);
        cnn.Error.ShouldContain("for images");
        CommandLineRun other = CommandLineRun.Of("eval", "--model", Path.Combine(Out, "model.safetensors"), "--data", SmallMnist.WriteTo(_folder.File("m")));
        other.Error.ShouldContain("784 pixels");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Folders_of_pictures_are_learnt(bool isSplit)
    {
        var random = new Random(2);
        foreach (string part in isSplit ? (string[])["train/", "test/"] : [""])
            foreach (string kind in (string[])["dark", "light"])
            {
                Directory.CreateDirectory(_folder.File($"pictures/{part}{kind}"));
                for (int i = 0; i < 20; i++)
                    ImageFile.Save(_folder.File($"pictures/{part}{kind}/{i}.png"),
                        Tensor.Full([3, 9 + i, 12], (kind == "dark" ? 30L : 200) + random.Next(50), DType.UInt8));
            }
        CommandLineRun run = Train("--data", _folder.File("pictures"), "--side", "8", "--model", "cnn", "--channels", "4", "--hidden", "8", "--epochs",
            "12", "--lr", "0.01", "--batch", "8");
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldBe($"CNN 3-4 64-8-2 on pictures: 650 parameters, {(isSplit ? 40 : 32)} training and {(isSplit ? 40 : 8)} test images");
        Accuracy(run).ShouldBeGreaterThan(0.9);
        CommandLineRun.Of("eval", "--model", Path.Combine(Out, "model.safetensors"), "--data", _folder.File("pictures"), "--side", "8").Lines[^1]
            .ShouldStartWith(run.Lines[^1][..20]);
    }

    [Fact]
    public void What_does_not_go_together_is_said()
    {
        string data = SmallMnist.WriteTo(_folder.File("data"), 20, 10);
        Train("--data", data, "--channels", "4").Error.ShouldContain("only a cnn or a resnet has channels");
        Train("--data", data, "--model", "cnn", "--channels", "4,4,4,4,4,4").Error.ShouldContain("leave nothing of images");
        Train("--data", data, "--model", "cnn", "--channels", "4,x").Error.ShouldContain("'x'");
        Train("--data", _folder.File("nowhere.csv")).Error.ShouldContain("nowhere.csv");
        File.WriteAllText(_folder.File("one.csv"), "a,b\n1,2\n");
        Train("--data", _folder.File("one.csv")).Error.ShouldContain("too few");
    }
}
