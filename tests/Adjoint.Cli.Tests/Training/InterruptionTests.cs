using System.Diagnostics;
using System.Text.Json;
using Adjoint.Cli;

namespace Adjoint.Tests.Cli.Training;

/// <summary>Real processes, ended as people and systems end them.</summary>
public class InterruptionTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_saves_what_there_is(string signal, int exit)
    {
        if (OperatingSystem.IsWindows()) return;        // no way to send it to one process only
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        using Process process = Train(folder, output, "--epochs", "100000");
        try
        {
            CancellationToken limit = TestContext.Current.CancellationToken;
            await Until(process, "epoch 2/");
            await Send(signal, process);
            string rest = await process.StandardOutput.ReadToEndAsync(limit);
            await process.WaitForExitAsync(limit);

            process.ExitCode.ShouldBe(exit);
            rest.ShouldContain("interrupted in epoch ");
            rest.ShouldContain("what there is was saved");
            // The checkpoint is what --resume goes on from.
            Files(output).ShouldBe(["checkpoint.pt", "metrics.json", "model.safetensors", "report.html"]);
            using JsonDocument metrics = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(output, "metrics.json"), limit));
            metrics.RootElement.GetProperty("interrupted").GetString()!.ShouldStartWith("interrupted in epoch ");
            Agreement(folder, output).ShouldBeTrue();
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [Fact]
    public async Task Nobody_reading_what_is_shown_does_not_keep_it_from_saving()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        using Process process = Train(folder, output, "--epochs", "100000");
        try
        {
            CancellationToken limit = TestContext.Current.CancellationToken;
            await Until(process, "epoch 1/");
            process.StandardOutput.Close();
            process.StandardError.Close();
            await Task.Delay(100, limit);
            process.HasExited.ShouldBeFalse();
            await Send("HUP", process);
            await process.WaitForExitAsync(limit);
            process.ExitCode.ShouldBe(129);
            Files(output).ShouldBe(["checkpoint.pt", "metrics.json", "model.safetensors", "report.html"]);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [Fact]
    public async Task A_killed_run_leaves_the_folder_to_the_next_one_and_two_at_once_are_refused()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        using Process process = Train(folder, output, "--epochs", "100000");
        try
        {
            await Until(process, "epoch 1/");
            CommandLineRun.Of("train", "--data", folder.File("data"), "--out", output, "--hidden", "8", "--epochs", "1")
                .ShouldRefuse("another run is writing there");
        }
        finally
        {
            process.Kill();
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.WriteAllBytes(Path.Combine(output, ".model.safetensors.abcdefgh.adjoint-tmp"), [1]);
        CommandLineRun.Of("train", "--data", folder.File("data"), "--out", output, "--hidden", "8", "--epochs", "1").Exit.ShouldBe(0);
        Files(output).ShouldBe(["metrics.json", "model.safetensors", "report.html"]);
        Agreement(folder, output).ShouldBeTrue();
    }

    private static Process Train(TemporaryFolder folder, string output, params string[] more) =>
        Process.Start(new ProcessStartInfo("dotnet",
        [typeof(CommandLine).Assembly.Location, "train", "--data", SmallMnist.WriteTo(folder.File("data")), "--out", output, "--hidden",
            "16", .. more])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task Until(Process process, string start)
    {
        for (string? line = ""; line is not null && !line.StartsWith(start, StringComparison.Ordinal);)
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    private static async Task Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string?> Files(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName).Order();

    /// <summary>Whether the model is as good as the metrics beside it say.</summary>
    private static bool Agreement(TemporaryFolder folder, string output)
    {
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(output, "metrics.json")));
        CommandLineRun run =
            CommandLineRun.Of("eval", "--model", Path.Combine(output, "model.safetensors"), "--data", folder.File("data"), "--json");
        using JsonDocument eval = JsonDocument.Parse(run.Output);
        return eval.RootElement.GetProperty("testAccuracy").GetDouble() == metrics.RootElement.GetProperty("testAccuracy").GetDouble();
    }
}
