using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli.Training;

[Collection(ThreadCount.Collection)]
public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data, _out;

    public TrainCommandTests()
    {
        _data = SmallMnist.WriteTo(_folder.File("data"));
        _out = _folder.File("out");
    }

    public void Dispose()
    {
        Cpu.Threads = 0;
        _folder.Dispose();
    }

    private CommandLineRun Train(params string[] more)
    {
        string[] small = more.Contains("--hidden") ? [] : ["--hidden", "32"];
        return CommandLineRun.Of(["train", "--data", _data, .. more.Contains("--out") ? (string[])[] : ["--out", _out], .. small, .. more]);
    }

    private string[] Files =>
        Directory.Exists(_out) ? [.. Directory.GetFileSystemEntries(_out).Select(file => Path.GetFileName(file)).Order()] : [];

    [Fact]
    public void Learns_and_says_so_in_the_last_line()
    {
        CommandLineRun run = Train("--epochs", "3", "--lr", "3e-3");
        run.Error.ShouldBeEmpty();
        run.Exit.ShouldBe(0);
        run.Lines[0].ShouldBe("MLP 784-32-10 on MNIST: 25,450 parameters, 1,200 training and 300 test images");
        run.Lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)).ShouldBe(3);
        run.Output.ShouldContain("confusion matrix");
        run.Output.ShouldContain("worst mistakes");
        Match last = Regex.Match(run.Lines[^1], @"^test accuracy (0\.\d{4}) after 3 epochs in \d+\.\d s$");
        last.Success.ShouldBeTrue(run.Lines[^1]);
        double.Parse(last.Groups[1].Value).ShouldBeGreaterThan(0.8);
        Files.ShouldBe(["metrics.json", "model.safetensors", "report.html"]);
    }

    [Fact]
    public void The_saved_model_evaluates_to_the_same_accuracy()
    {
        string trained = Train("--epochs", "1").Lines[^1];
        CommandLineRun eval = CommandLineRun.Of("eval", "--model", Path.Combine(_out, "model.safetensors"), "--data", _data);
        eval.Exit.ShouldBe(0, eval.Error);
        eval.Lines[^1].ShouldStartWith(trained[.."test accuracy 0.1234".Length] + ", loss ");

        CommandLineRun json = CommandLineRun.Of("eval", "--model", Path.Combine(_out, "model.safetensors"), "--data", _data, "--json");
        using JsonDocument document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("testAccuracy").GetDouble().ToString("F4").ShouldBe(trained["test accuracy ".Length..][..6]);
        document.RootElement.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(n => n.GetInt32()))
            .ShouldBe(300);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    public void The_same_seed_gives_the_same_numbers_for_any_number_of_threads(string optimizer)
    {
        string[] options = ["--epochs", "2", "--optimizer", optimizer, "--dropout", "0.2", "--hidden", "64,32", "--seed", "7"];
        string first = Model([.. options, "--threads", "1"]);
        Model([.. options, "--threads", "2"]).ShouldBe(first);
        Model([.. options, "--threads", "3"]).ShouldBe(first);
        Model([.. options[..^1], "8", "--threads", "1"]).ShouldNotBe(first);

        string Model(string[] args)
        {
            Train(args).Exit.ShouldBe(0);
            return Convert.ToHexString(File.ReadAllBytes(Path.Combine(_out, "model.safetensors")));
        }
    }

    [Theory]
    [InlineData("adam", "0.001")]
    [InlineData("adamw", "0.001")]
    [InlineData("sgd", "0.1")]
    public void Cooling_down_changes_the_last_share_of_the_steps_only(string optimizer, string lr)
    {
        JsonElement constant = Metrics("0"), cooled = Metrics("0.5");
        constant.GetProperty("options").GetProperty("cooldown").GetString().ShouldBe("0");
        cooled.GetProperty("options").GetProperty("cooldown").GetString().ShouldBe("0.5");
        Losses(cooled)[..2].ShouldBe(Losses(constant)[..2]);
        Losses(cooled)[2..].ShouldNotBe(Losses(constant)[2..]);

        JsonElement Metrics(string cooldown)
        {
            CommandLineRun run = Train("--epochs", "4", "--optimizer", optimizer, "--lr", lr, "--cooldown", cooldown);
            run.Exit.ShouldBe(0, run.Error);
            run.Lines[1].ShouldStartWith(
                cooldown == "0" ? $"{optimizer}, lr {lr}, batch 64" : $"{optimizer}, lr {lr}, cooldown {cooldown}, batch 64");
            return JsonDocument.Parse(File.ReadAllText(Path.Combine(_out, "metrics.json"))).RootElement;
        }

        double[] Losses(JsonElement metrics) =>
            [.. metrics.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("testLoss").GetDouble())];
    }

    [Fact]
    public void Prints_JSON_lines()
    {
        CommandLineRun run = Train("--epochs", "2", "--json", "--optimizer", "sgd", "--momentum", "0.9", "--lr", "0.05");
        run.Exit.ShouldBe(0);
        JsonElement[] lines = [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        lines.Select(line => line.GetProperty("event").GetString()).ShouldBe(["start", "epoch", "epoch", "end"]);
        lines[0].GetProperty("options").GetProperty("momentum").GetString().ShouldBe("0.9");
        lines[2].GetProperty("epoch").GetInt32().ShouldBe(2);
        lines[2].GetProperty("trainLoss").GetDouble().ShouldBeLessThan(lines[1].GetProperty("trainLoss").GetDouble());
        lines[3].GetProperty("testAccuracy").GetDouble().ShouldBe(lines[2].GetProperty("testAccuracy").GetDouble());
        lines[3].GetProperty("out").GetString().ShouldBe(_out);
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_data() => Train("--epochs", "1", "--batch", "2147483647").Exit.ShouldBe(0);

    [Theory]
    [InlineData("--epochs", "Required argument missing for option: '--epochs'")]
    [InlineData("--epochs 1 --epochs 2", "'--epochs' expects a single argument but 2 were provided")]
    [InlineData("--data= --epochs 1", "")]
    public void Refuses_options_without_a_value_or_with_two(string options, string message)
    {
        Train(options.Split(' ')).ShouldRefuse(message);
        Directory.Exists(_out).ShouldBeFalse();
    }

    [Fact]
    public void A_loss_that_diverges_is_reported_as_it_is()
    {
        CommandLineRun run = Train("--epochs", "1", "--optimizer", "sgd", "--lr", "1e30");
        run.Exit.ShouldBe(0, run.Error);
        run.Output.ShouldContain("train loss NaN");
        File.ReadAllText(Path.Combine(_out, "metrics.json")).ShouldContain("\"NaN\"");
    }

    [Fact]
    public void The_state_has_the_names_of_the_PyTorch_module()
    {
        Train("--epochs", "1", "--hidden", "16,8").Exit.ShouldBe(0);
        OrderedDictionary<string, Tensor> state = SafeTensors.Load(Path.Combine(_out, "model.safetensors"));
        state.Keys.Order().ShouldBe(["fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight", "fc3.bias", "fc3.weight"]);
        state["fc2.weight"].Shape.ToString().ShouldBe("[8, 16]");
    }

    [Theory]
    [InlineData("--epochs", "0", "--epochs 0: it must be at least 1")]
    [InlineData("--epochs", "many", "--epochs many: it must be a whole number")]
    [InlineData("--epochs", "1.5", "--epochs 1.5: it must be a whole number up to 2147483647")]
    [InlineData("--epochs", "99999999999", "--epochs 99999999999: it must be a whole number up to 2147483647")]
    [InlineData("--epochs", "1,000", "--epochs 1,000: it must be a whole number")]
    [InlineData("--lr", "1,5", "--lr 1,5: it must be a number, such as 0.5 or 1e-3")]
    [InlineData("--lr", "1e999", "--lr Infinity: it must be a positive number")]
    [InlineData("--seed", "1e3", "--seed 1e3: it must be a whole number up to 9223372036854775807")]
    [InlineData("--batch", "-1", "--batch -1")]
    [InlineData("--lr", "0", "--lr 0")]
    [InlineData("--lr", "NaN", "--lr NaN")]
    [InlineData("--cooldown", "-0.1", "--cooldown -0.1: it must be from 0 to 1")]
    [InlineData("--cooldown", "1.01", "--cooldown 1.01")]
    [InlineData("--cooldown", "NaN", "--cooldown NaN")]
    [InlineData("--cooldown", "half", "half")]
    [InlineData("--optimizer", "lion", "lion")]
    [InlineData("--momentum", "0.9", "only sgd has a momentum")]
    [InlineData("--hidden", "12,x", "--hidden 12,x: 'x' is not a layer's size")]
    [InlineData("--hidden", "0", "--hidden 0")]
    [InlineData("--hidden", "65536,65536", "more weights than a tensor can hold")]
    [InlineData("--dropout", "1", "--dropout 1")]
    [InlineData("--threads", "-2", "--threads -2")]
    [InlineData("--out", "", "--out '': cannot write there")]
    [InlineData("--sneed", "1", "--sneed")]
    public void Refuses_options_that_make_no_sense(string option, string value, string message)
    {
        Train(option, value).ShouldRefuse(message);
        Files.ShouldBeEmpty();
        Directory.Exists(_out).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_data_that_is_missing_or_damaged()
    {
        CommandLineRun.Of("train", "--data", _folder.File("nowhere"), "--out", _out).ShouldRefuse("nowhere: no such directory");
        string labels = Path.Combine(_data, "train-labels-idx1-ubyte");
        File.WriteAllBytes(labels, File.ReadAllBytes(labels)[..^5]);
        Train().ShouldRefuse("train-labels-idx1-ubyte, byte ");
        File.Delete(labels);
        Train().ShouldRefuse("train-labels-idx1-ubyte: no such file");
        Directory.Exists(_out).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_folder_it_cannot_write_to_before_it_trains()
    {
        File.WriteAllText(_out, "a file");
        Train().ShouldRefuse($"--out '{_out}': cannot write there");
        File.ReadAllText(_out).ShouldBe("a file");
    }
}
