using System.Diagnostics;
using System.Text.Json;
using Adjoint.Cli;

namespace Adjoint.Tests.Cli.Training;

public class InterruptionTests
{
    [Fact]
    public async Task Ctrl_C_saves_what_there_is()
    {
        if (OperatingSystem.IsWindows()) return;        // no way to send it to one process only
        using var folder = new TemporaryFolder();
        string data = SmallMnist.WriteTo(folder.File("data")), output = folder.File("out");
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "train", "--data", data, "--out", output, "--hidden", "16", "--epochs", "100000"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            CancellationToken limit = TestContext.Current.CancellationToken;
            for (string? line = ""; line is not null && !line.StartsWith("epoch 2/", StringComparison.Ordinal);) line = await process.StandardOutput.ReadLineAsync(limit);
            using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync(limit);
            string rest = await process.StandardOutput.ReadToEndAsync(limit);
            await process.WaitForExitAsync(limit);

            process.ExitCode.ShouldBe(130);
            rest.ShouldContain("interrupted in epoch ");
            rest.ShouldContain("what there is was saved");
            Directory.GetFiles(output).Select(file => Path.GetFileName(file)).Order().ShouldBe(["metrics.json", "model.safetensors", "report.html"]);
            using JsonDocument metrics = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(output, "metrics.json"), limit));
            metrics.RootElement.GetProperty("interrupted").GetString()!.ShouldStartWith("interrupted in epoch ");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
