using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Adjoint.Tests.RandomNumbers;
using Adjoint.Tests.Surface;

namespace Adjoint.Tests.Nn.Checkpoints;

/// <summary>
/// Processes that train are killed (SIGKILL) at random moments, in the middle of saving and of epochs, and go on in others.
/// <c>ADJOINT_KILLS=50</c> kills fifty times; <c>ADJOINT_KILLS=50@7</c> at moments of another seed.
/// </summary>
[Collection(DefaultGenerator.Collection)]
public class KillTests
{
    private const string Folder = "ADJOINT_KILLED_TRAINING", Wanted = "ADJOINT_KILLS";

    private static MethodBase Test => typeof(KillTests).GetMethod(nameof(A_killed_training_goes_on_to_the_same_bits))!;

    [Fact]
    public async Task A_killed_training_goes_on_to_the_same_bits()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { Length: > 0 } inside)
        {
            new KilledTraining(inside).Go();
            return;
        }
        string[] wanted = (Environment.GetEnvironmentVariable(Wanted) ?? "3").Split('@');
        int kills = int.Parse(wanted[0], CultureInfo.InvariantCulture);
        var random = new Random(wanted.Length > 1 ? int.Parse(wanted[1], CultureInfo.InvariantCulture) : 18);

        using var whole = new TemporaryFolder();
        long begun = Stopwatch.GetTimestamp();
        await Train(whole.Path, null);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        byte[] end = await File.ReadAllBytesAsync(whole.File(KilledTraining.End), TestContext.Current.CancellationToken);
        Dictionary<string, string> losses = Losses(await Lines(whole));

        int killed = 0, whileSaving = 0, inEpochs = 0, ends = 0;
        while (killed < kills)
        {
            using var folder = new TemporaryFolder();
            while (!File.Exists(folder.File(KilledTraining.End)))
            {
                // A process has to begin before there is anything to interrupt, and must be able to get further than it was.
                double after = random.NextDouble() * seconds;
                bool ended = await Train(folder.Path, killed < kills ? TimeSpan.FromSeconds(0.02 + after * 0.5) : null);
                if (ended) continue;
                killed++;
                string[] lines = await Lines(folder);
                if (lines is [.., "s"]) whileSaving++;
                else if (lines.Length > 1) inEpochs++;
            }
            ends++;
            (await File.ReadAllBytesAsync(folder.File(KilledTraining.End), TestContext.Current.CancellationToken)).ShouldBe(end);
            foreach ((string step, string bits) in Losses(await Lines(folder))) bits.ShouldBe(losses[step], $"step {step}");
            Directory.GetFiles(folder.Path).Length.ShouldBeLessThanOrEqualTo(4);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{killed} kills in {ends} trainings: {whileSaving} while saving, {inEpochs} in the middle of epochs");
        if (kills < 20) return;
        whileSaving.ShouldBeGreaterThan(0);
        inEpochs.ShouldBeGreaterThan(0);
    }

    /// <summary>Trains in a process of its own; false when it was killed after so long from its first line on.</summary>
    private static async Task<bool> Train(string folder, TimeSpan? life)
    {
        string log = Path.Combine(folder, KilledTraining.Log);
        long before = File.Exists(log) ? new FileInfo(log).Length : 0;
        using Process process = OwnProcess.Start(Test, folder, (Folder, folder));
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (life is { } until)
        {
            while (!process.HasExited && (File.Exists(log) ? new FileInfo(log).Length : 0) == before) await Task.Delay(1);
            try
            {
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(until);
            }
            catch (TimeoutException)
            {
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (process.ExitCode == 0) return true;
        if (process.ExitCode == 137) return false;
        throw new InvalidOperationException($"The training failed:\n{await output}\n{await errors}");
    }

    private static async Task<string[]> Lines(TemporaryFolder folder) =>
        await File.ReadAllLinesAsync(folder.File(KilledTraining.Log), TestContext.Current.CancellationToken);

    // A step that was made twice, before and after a kill, has both times the same loss.
    private static Dictionary<string, string> Losses(string[] lines)
    {
        var losses = new Dictionary<string, string>();
        foreach (string line in lines)
        {
            if (line.Split(' ') is not ["l", var step, var bits]) continue;
            if (!losses.TryAdd(step, bits)) losses[step].ShouldBe(bits, $"step {step}");
        }
        return losses;
    }
}
