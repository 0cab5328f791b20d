using System.Globalization;
using System.Text.Json;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli.Training;

/// <summary>Networks that learn to write.</summary>
[Collection(ThreadCount.Collection)]
public sealed class TextTrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TextTrainTests() =>
        File.WriteAllText(Text, string.Concat(Enumerable.Repeat("the cat sat on the mat.\r\nthe dog ate the red hat.\n", 60)));

    private string Text => _folder.File("text.txt");

    private string Out => _folder.File("out");

    private string Model => Path.Combine(Out, "model.safetensors");

    public void Dispose()
    {
        Cpu.Threads = 0;
        _folder.Dispose();
    }

    private CommandLineRun Train(params string[] arguments) => CommandLineRun.Of(["train", "--out", Out, "--data", Text, .. arguments]);

    [Theory]
    [InlineData("lstm", "LSTM 15-32-32-15")]
    [InlineData("transformer", "Transformer 15-32-32-15, 2 heads")]
    public void A_text_is_learnt_written_saved_and_evaluated(string model, string name)
    {
        string[] heads = model == "transformer" ? ["--heads", "2"] : [];
        string[] options = ["--model", model, "--hidden", "32,32", "--context", "24", "--epochs", "12", "--batch", "4", "--lr", "0.01", .. heads];
        CommandLineRun run = Train(options);
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldStartWith(name + " on text.txt: ");
        run.Lines[0].ShouldEndWith(" training and 12 test stretches");
        Accuracy(run).ShouldBeGreaterThan(0.8);
        byte[] weights = File.ReadAllBytes(Model);
        using (JsonDocument metrics = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "metrics.json"))))
        {
            string sample = metrics.RootElement.GetProperty("sample").GetString()!;
            sample.Length.ShouldBe(400);
            sample.ShouldContain("the ");
            metrics.RootElement.GetProperty("bitsPerCharacter").GetDouble().ShouldBeInRange(0.01, 1);
            metrics.RootElement.TryGetProperty("confusion", out _).ShouldBeFalse();
            File.ReadAllText(Path.Combine(Out, "report.html")).ShouldContain("What it writes");
        }
        CommandLineRun eval = CommandLineRun.Of("eval", "--model", Model, "--data", Text);
        eval.Error.ShouldBeEmpty();
        eval.Lines[0].ShouldStartWith(name + " from ");
        Accuracy(eval).ShouldBe(Accuracy(run));

        Train([.. options, "--compile"]).Error.ShouldBeEmpty();
        File.ReadAllBytes(Model).ShouldBe(weights);
    }

    [Fact]
    public void A_folder_of_texts_is_one_text()
    {
        Directory.CreateDirectory(_folder.File("texts"));
        File.WriteAllText(_folder.File("texts/b.md"), string.Concat(Enumerable.Repeat("bb", 300)));
        File.WriteAllText(_folder.File("texts/a.txt"), string.Concat(Enumerable.Repeat("aa", 300)));
        CommandLineRun run = CommandLineRun.Of(
            "train", "--out", Out, "--data", _folder.File("texts"), "--model", "lstm", "--hidden", "4", "--context", "10", "--epochs", "1");
        run.Error.ShouldBeEmpty();
        run.Lines[0].ShouldStartWith("LSTM 2-4-2 on texts: ");
        run.Lines[0].ShouldEndWith(" 107 training and 11 test stretches");
    }

    [Fact]
    public void What_does_not_go_together_is_said()
    {
        Train().ShouldRefuse("--model mlp: it is for classes, but text.txt is a text");
        Train("--model", "lstm", "--heads", "2").ShouldRefuse("only a transformer has heads");
        Train("--context", "8").ShouldRefuse("only an lstm or a transformer sees a stretch");
        Train("--model", "transformer", "--hidden", "10", "--heads", "4").ShouldRefuse("must divide them");
        Train("--model", "lstm", "--hidden", "8,16").ShouldRefuse("one width");
        Train("--model", "lstm", "--hidden", "none").ShouldRefuse("one width");
        Train("--model", "lstm", "--batchnorm").ShouldRefuse("--batchnorm");
        Train("--model", "lstm", "--augment", "flip").ShouldRefuse("--augment flip: images are changed");
        Train("--model", "lstm", "--context", "4000").ShouldRefuse("too few for stretches of 4000");
        Train("--model", "lstm", "--ranks", "2").ShouldRefuse("text is learnt by one process");
        Train("--model", "lstm", "--channels", "4").ShouldRefuse("only a cnn or a resnet has channels");
        CommandLineRun.Of("train", "--out", Out, "--model", "lstm", "--data", SmallMnist.WriteTo(_folder.File("m"))).ShouldRefuse("but MNIST is none");
        File.WriteAllBytes(_folder.File("bad.txt"), [0x61, 0xC3, 0x28, 0x62]);
        CommandLineRun.Of("train", "--out", Out, "--model", "lstm", "--data", _folder.File("bad.txt")).ShouldRefuse("no text in UTF-8");
    }

    [Fact]
    public void A_model_is_evaluated_on_text_of_its_own_characters_only()
    {
        Train("--model", "lstm", "--hidden", "4", "--epochs", "1").Error.ShouldBeEmpty();
        File.WriteAllText(_folder.File("other.txt"), new string('%', 2000));
        CommandLineRun.Of("eval", "--model", Model, "--data", _folder.File("other.txt")).ShouldRefuse("has not learnt");
        CommandLineRun.Of("eval", "--model", Model, "--data", SmallMnist.WriteTo(_folder.File("m"))).ShouldRefuse("which is for text");
    }

    private static double Accuracy(CommandLineRun run) =>
        double.Parse(run.Lines[^1].Split(' ')[2].TrimEnd(','), CultureInfo.InvariantCulture);
}
