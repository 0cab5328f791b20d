using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli.Training;

[Collection(ThreadCount.Collection)]
public sealed class CompareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public CompareCommandTests() => _data = SmallMnist.WriteTo(_folder.File("data"), train: 400, test: 100);

    public void Dispose()
    {
        Cpu.Threads = 0;
        _folder.Dispose();
    }

    private CommandLineRun Train(string name, params string[] more) =>
        CommandLineRun.Of(
        ["train", "--data", _data, "--hidden", "16", "--out", _folder.File(name),
            .. more.Contains("--epochs") ? (string[])[] : ["--epochs", "2"], .. more]);

    [Fact]
    public void Runs_are_put_into_one_table_and_one_page_with_their_differences()
    {
        Train("one", "--optimizer", "sgd").Exit.ShouldBe(0);
        Train("two", "--batchnorm", "--dropout", "0.2").Exit.ShouldBe(0);
        string page = _folder.File("page.html");
        CommandLineRun run = CommandLineRun.Of("compare", _folder.File("one"), _folder.File("two"), "--out", page);
        run.Exit.ShouldBe(0, run.Error);
        foreach (string shown in (string[])["│ one ", "│ two ", "optimizer", "batchnorm", "dropout", "lr", "test accuracy", "Test loss"])
            run.Output.ShouldContain(shown);
        run.Output.ShouldContain("the same in all: epochs 2");
        string html = File.ReadAllText(page);
        html.ShouldNotContain("http");
        MatchCollection drawings = Regex.Matches(html, "<svg.*?</svg>", RegexOptions.Singleline);
        drawings.Count.ShouldBe(4);
        foreach (Match drawing in drawings)
            XElement.Parse(drawing.Value).Descendants("path").Count(p => (string?)p.Attribute("class") == "line").ShouldBe(2);
    }

    [Fact]
    public void Every_combination_is_one_command_away()
    {
        CommandLineRun run =
            Train("grid", "--vary", "optimizer=sgd,adam", "--vary", "dropout=0,0.5", "--vary", "batchnorm=no,yes", "--val-split", "0.25",
                "--json");
        run.Exit.ShouldBe(0, run.Error);
        Directory.GetDirectories(_folder.File("grid")).Length.ShouldBe(8);
        File.Exists(Path.Combine(_folder.File("grid"), "compare.html")).ShouldBeTrue();
        CommandLineRun json =
            CommandLineRun.Of(["compare", .. Directory.GetDirectories(_folder.File("grid")), "--json", "--out", _folder.File("c.html")]);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("different").EnumerateArray().Select(e => e.GetString())
            .ShouldBe(["lr", "optimizer", "dropout", "batchnorm"], ignoreOrder: true);
        JsonElement[] runs = [.. document.RootElement.GetProperty("runs").EnumerateArray()];
        runs.Length.ShouldBe(8);
        runs.Select(r => r.GetProperty("settings").ToString()).Distinct().Count().ShouldBe(8);
        runs.ShouldAllBe(r => r.GetProperty("best_validation_loss").GetDouble() > 0);
    }

    [Theory]
    [InlineData("--dropout 0.5")]
    [InlineData("--batchnorm")]
    [InlineData("--vary batchnorm=no,yes")]
    public void What_acts_on_hidden_layers_needs_one(string options) =>
        CommandLineRun.Of(["train", "--data", _data, "--hidden", "none", .. options.Split(' ')]).ShouldRefuse("it acts on hidden layers");

    [Fact]
    public void One_number_written_in_two_ways_is_one_run()
    {
        CommandLineRun run = Train("once", "--vary", "lr=1e-3,0.001,1e-2", "--epochs", "1");
        run.Exit.ShouldBe(0, run.Error);
        Directory.GetDirectories(_folder.File("once")).Length.ShouldBe(2);
    }

    [Fact]
    public void A_folder_of_runs_stands_for_all_of_them()
    {
        Train("both", "--vary", "optimizer=sgd,adam", "--epochs", "1").Exit.ShouldBe(0);
        CommandLineRun run = CommandLineRun.Of("compare", _folder.File("both"), "--out", _folder.File("c.html"));
        run.Exit.ShouldBe(0, run.Error);
        run.Output.ShouldContain("│ adam ");
        run.Output.ShouldContain("│ sgd ");
        CommandLineRun.Of("compare", _folder.File("data")).ShouldRefuse("there is no metrics.json");
    }

    [Fact]
    public void Runs_that_diverged_are_compared_too()
    {
        foreach (string lr in (string[])["1e9", "1e30"])
        {
            Train(lr, "--optimizer", "sgd", "--lr", lr, "--epochs", "1").Exit.ShouldBe(0);
            CommandLineRun run = CommandLineRun.Of("compare", _folder.File(lr), "--out", _folder.File("c.html"));
            run.Exit.ShouldBe(0, run.Error);
            run.Lines.Where(line => line.StartsWith('│')).ShouldAllBe(line => line.Length < 100);
        }
    }

    [Fact]
    public void A_model_with_batch_norm_evaluates_to_the_accuracy_it_was_saved_with()
    {
        string trained = Train("norm", "--batchnorm", "--dropout", "0.1").Lines[^1];
        CommandLineRun eval =
            CommandLineRun.Of("eval", "--model", Path.Combine(_folder.File("norm"), "model.safetensors"), "--data", _data);
        eval.Exit.ShouldBe(0, eval.Error);
        eval.Lines[^1].ShouldStartWith(trained[.."test accuracy 0.1234".Length] + ", loss ");
    }

    [Fact]
    public void A_normalisation_of_another_size_is_no_model()
    {
        Train("odd", "--batchnorm").Exit.ShouldBe(0);
        string path = Path.Combine(_folder.File("odd"), "model.safetensors");
        Dictionary<string, Tensor> state =
            SafeTensors.Load(path).ToDictionary(e => e.Key, e => e.Key == "bn1.bias" ? Tensor.Ones([3]) : e.Value);
        SafeTensors.Save(path, state);
        CommandLineRun.Of("eval", "--model", path, "--data", _data).ShouldRefuse("normalisation of 16");
    }

    [Fact]
    public void Early_stopping_ends_a_run_that_no_longer_gets_better_and_keeps_the_best_epoch()
    {
        CommandLineRun run =
            Train("stop", "--epochs", "60", "--lr", "0.01", "--scheduler", "none", "--val-split", "0.25", "--early-stop", "3");
        run.Exit.ShouldBe(0, run.Error);
        JsonElement metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.File("stop"), "metrics.json"))).RootElement;
        double[] losses = [.. metrics.GetProperty("epochs").EnumerateArray().Select(e => e.GetProperty("valLoss").GetDouble())];
        losses.Length.ShouldBeLessThan(60);
        int best = metrics.GetProperty("bestEpoch").GetInt32();
        best.ShouldBe(losses.Length - 3);
        losses.Min().ShouldBe(losses[best - 1]);
        run.Output.ShouldContain($"stopped early: the validation loss was least in epoch {best}");
        metrics.GetProperty("epochs")[best - 1].GetProperty("testAccuracy").GetDouble()
            .ShouldBe(metrics.GetProperty("testAccuracy").GetDouble(), 1e-12);
    }

    [Fact]
    public void Holding_images_back_changes_neither_the_first_weights_nor_the_rest_of_the_random_numbers()
    {
        Train("a", "--val-split", "0.25").Output.ShouldContain("300 training and 100 test images");
        string first = File.ReadAllText(Path.Combine(_folder.File("a"), "metrics.json"));
        Train("a", "--val-split", "0.25");
        Regex.Replace(
            File.ReadAllText(Path.Combine(_folder.File("a"), "metrics.json")),
            "\"(started|seconds|trainSeconds|testSeconds|imagesPerSecond)\": [^\n]*", "")
            .ShouldBe(Regex.Replace(first, "\"(started|seconds|trainSeconds|testSeconds|imagesPerSecond)\": [^\n]*", ""));
    }

    [Theory]
    [InlineData("--early-stop 3", "add --val-split")]
    [InlineData("--val-split 1", "from 0 up to")]
    [InlineData("--val-split 0.0001", "at least 1")]
    [InlineData("--scheduler cosine --cooldown 0.2", "only the cooldown schedule")]
    [InlineData("--vary optimizer", "write a setting and its values")]
    [InlineData("--vary optimizer=sgd,lbfgs", "one of adam, adamw, sgd")]
    [InlineData("--vary dropout=a", "no number")]
    [InlineData("--vary colour=red", "not colour")]
    [InlineData("--vary dropout=0,2", "--dropout 2")]
    [InlineData("--vary seed=1 --vary seed=2", "varied twice")]
    public void What_makes_no_sense_is_refused_before_anything_is_trained(string options, string message)
    {
        Train("none", options.Split(' ')).ShouldRefuse(message);
        Directory.Exists(_folder.File("none")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        CommandLineRun.Of("compare", _folder.File("nothing")).ShouldRefuse("there is no metrics.json");
        Directory.CreateDirectory(_folder.File("odd"));
        foreach (string text in (string[])["", "[]", "{}", "{\"title\":1}", "{\"title\":\"x\",\"options\":[],\"epochs\":[]}", "not json"])
        {
            File.WriteAllText(Path.Combine(_folder.File("odd"), "metrics.json"), text);
            CommandLineRun.Of("compare", _folder.File("odd"), "--out", _folder.File("p.html")).ShouldRefuse("no metrics.json of a run");
        }
    }
}
