using System.Diagnostics;
using System.Text.Json.Nodes;
using Adjoint.Cli;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Cli.Training;

/// <summary>Runs that are killed and go on.</summary>
[Collection(ThreadCount.Collection)] // alone, because of the program's random numbers
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Dropout, images changed at random, momentum, a schedule and patience all have states of their own.</summary>
    [Theory]
    [InlineData("--model", "mlp", "--hidden", "16", "--dropout", "0.3", "--optimizer", "sgd", "--momentum", "0.9", "--scheduler", "cooldown")]
    [InlineData("--model", "cnn", "--channels", "2", "--hidden", "8", "--batchnorm", "--augment", "crop,erase", "--scheduler", "plateau",
        "--val-split", "0.2", "--early-stop", "9")]
    [InlineData("--model", "mlp", "--hidden", "16", "--scheduler", "onecycle", "--compile")]
    public async Task A_run_that_is_killed_again_and_again_ends_with_the_bits_of_one_that_was_not(params string[] options)
    {
        if (OperatingSystem.IsWindows()) return;
        string data = SmallMnist.WriteTo(_folder.File("data"), 120, 40);
        string[] all = ["train", "--data", data, "--epochs", "12", "--batch", "8", .. options];
        CommandLineRun whole = CommandLineRun.Of([.. all, "--out", _folder.File("whole")]);
        whole.Error.ShouldBeEmpty();

        string output = _folder.File("killed"), checkpoint = Path.Combine(output, "checkpoint.pt");
        var random = new Random(options.Length);
        CancellationToken limit = TestContext.Current.CancellationToken;
        for (int kill = 0; kill < 4; kill++)
        {
            DateTime before = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint) : default;
            using Process process = Start([.. all, "--out", output, "--resume", "--save-every", "0"]);
            // It is killed while it saves after one step or another.
            while (!process.HasExited && (!File.Exists(checkpoint) || File.GetLastWriteTimeUtc(checkpoint) == before)) await Task.Delay(1, limit);
            await Task.Delay(random.Next(60), limit);
            process.Kill();
            await process.WaitForExitAsync(limit);
        }
        CommandLineRun last = CommandLineRun.Of([.. all, "--out", output, "--resume"]);
        last.Error.ShouldBeEmpty();
        last.Output.ShouldContain("resumed in epoch ");
        Directory.GetFiles(output).Select(Path.GetFileName).Order().ShouldBe(["metrics.json", "model.safetensors", "report.html"]);
        File.ReadAllBytes(Path.Combine(output, "model.safetensors")).ShouldBe(File.ReadAllBytes(_folder.File("whole/model.safetensors")));
        Numbers(output).ShouldBe(Numbers(_folder.File("whole")));
    }

    [Fact]
    public void Another_run_is_not_gone_on_with()
    {
        string data = SmallMnist.WriteTo(_folder.File("data"), 40, 20), output = _folder.File("out");
        string[] options = ["train", "--data", data, "--hidden", "8", "--epochs", "2"];
        CommandLineRun.Of([.. options, "--resume"]).ShouldRefuse("say by --out which run");
        CommandLineRun.Of([.. options, "--resume", "--out", output, "--vary", "seed=1,2"]).ShouldRefuse("leave out --vary");
        CommandLineRun.Of([.. options, "--resume", "--out", output]).Error.ShouldBeEmpty();       // there is none yet
        CommandLineRun.Of([.. options, "--resume", "--out", output]).Error.ShouldContain("nothing to go on with");
        Directory.CreateDirectory(_folder.File("damaged"));
        File.WriteAllBytes(_folder.File("damaged/checkpoint.pt"), [1, 2, 3]);
        CommandLineRun.Of([.. options, "--resume", "--out", _folder.File("damaged")]).Error.ShouldContain("checkpoint.pt");
    }

    [Fact]
    public async Task A_run_that_was_interrupted_goes_on_with_the_options_that_it_was_begun_with()
    {
        if (OperatingSystem.IsWindows()) return;
        string data = SmallMnist.WriteTo(_folder.File("data"), 120, 40), output = _folder.File("out");
        string[] options = ["train", "--data", data, "--hidden", "8", "--epochs", "100000", "--out", output];
        CancellationToken limit = TestContext.Current.CancellationToken;
        using (Process process = Start(options))
        {
            for (string? line = ""; line is not null && !line.StartsWith("epoch 2/", StringComparison.Ordinal);)
                line = await process.StandardOutput.ReadLineAsync(limit);
            using Process signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.StandardOutput.ReadToEndAsync(limit);
            await process.WaitForExitAsync(limit);
        }
        File.Exists(Path.Combine(output, "checkpoint.pt")).ShouldBeTrue();
        CommandLineRun.Of([.. options, "--resume", "--batch", "32"]).Error.ShouldContain("begun with batch 64, but now it is 32");
        CommandLineRun.Of([.. options, "--resume", "--augment", "flip"]).Error.ShouldContain("augment not set, but now it is flip");
        // Without --resume it begins anew, and the old one is forgotten.
        CommandLineRun.Of("train", "--data", data, "--hidden", "8", "--epochs", "1", "--out", output).Error.ShouldBeEmpty();
        File.Exists(Path.Combine(output, "checkpoint.pt")).ShouldBeFalse();
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>What the metrics say, without times.</summary>
    private static string Numbers(string folder)
    {
        JsonNode metrics = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "metrics.json")))!;
        foreach (JsonNode? epoch in metrics["epochs"]!.AsArray())
        {
            epoch!.AsObject().Remove("trainSeconds");
            epoch.AsObject().Remove("testSeconds");
        }
        return $"{metrics["epochs"]} {metrics["lossCurve"]} {metrics["confusion"]} {metrics["mistakes"]}";
    }
}
