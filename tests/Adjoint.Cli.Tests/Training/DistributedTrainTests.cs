using System.Diagnostics;
using System.Text.Json;
using Adjoint.Cli;

namespace Adjoint.Tests.Cli.Training;

/// <summary><c>adjoint train</c> on several ranks, as programs of their own.</summary>
public sealed class DistributedTrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data, _out;

    public DistributedTrainTests()
    {
        _data = SmallMnist.WriteTo(_folder.File("data"));
        _out = _folder.File("out");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ranks_train_one_network_with_one_display_and_a_log_each()
    {
        SkipWithoutMpi();
        (int exit, string output, string errors) = Start(null, "--ranks", "2", "--epochs", "2", "--batch", "60", "--batchnorm", "--val-split", "0.2");
        exit.ShouldBe(0, output + errors);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)).ShouldBe(2, output);
        lines[0].ShouldContain("2 ranks");
        lines[^1].ShouldStartWith("test accuracy 0.");
        foreach (int rank in (int[])[0, 1])
        {
            string log = File.ReadAllText(Path.Combine(_out, $"rank-{rank}.log"));
            log.ShouldContain($"rank {rank} of 2");
            log.ShouldContain("epoch 2: 16 steps");
        }
        File.Exists(Path.Combine(_out, "model.safetensors")).ShouldBeTrue();
        CommandLineRun.Of("eval", "--model", Path.Combine(_out, "model.safetensors"), "--data", _data).Exit.ShouldBe(0);
    }

    /// <summary>Without dropout the ranks of a run learn what one process learns from the same batches, but for the order of sums.</summary>
    [Fact]
    public void One_rank_and_several_learn_the_same()
    {
        SkipWithoutMpi();
        double[] Losses(int ranks)
        {
            (int exit, string output, string errors) = Start(
                null, "--ranks", $"{ranks}", "--epochs", "2", "--batch", "60", "--json", "--optimizer", "sgd", "--lr", "0.05");
            exit.ShouldBe(0, output + errors);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("event").GetString() == "epoch").Select(line => line.GetProperty("trainLoss").GetDouble())];
        }
        double[] one = Losses(1), two = Losses(2);
        one.Length.ShouldBe(2);
        for (int i = 0; i < 2; i++) two[i].ShouldBe(one[i], 1e-3);
    }

    [Fact]
    public void Without_MPI_it_says_how_to_get_it()
    {
        (int exit, string output, string errors) = Start(_folder.Path, "--ranks", "2", "--batch", "60");
        exit.ShouldBe(2, output + errors);
        errors.ShouldContain("mpirun was not found");
        errors.ShouldContain("apt-get install openmpi-bin");
        output.ShouldBeEmpty();
    }

    [Fact]
    public void Without_mpirun_distributed_is_one_rank()
    {
        (int exit, string output, string errors) = Start(null, "--distributed", "--epochs", "1", "--batch", "60");
        exit.ShouldBe(0, output + errors);
        output.ShouldContain("1 rank\n".TrimEnd());
    }

    [Theory]
    [InlineData("--batch 63", "--ranks", "2", "--batch", "63")]
    [InlineData("--ranks -1", "--ranks", "-1")]
    [InlineData("--vary", "--ranks", "2", "--vary", "dropout=0,0.5")]
    [InlineData("--compile", "--distributed", "--compile")]
    public void Refuses_what_cannot_be_shared(string words, params string[] arguments) =>
        CommandLineRun.Of(["train", "--data", _data, "--out", _out, .. arguments]).ShouldRefuse(words);

    private static void SkipWithoutMpi() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "mpirun"))),
        "There is no mpirun here: install openmpi-bin to run this test.");

    private (int Exit, string Output, string Errors) Start(string? path, params string[] arguments)
    {
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host,
            [typeof(CommandLine).Assembly.Location, "train", "--data", _data, "--out", _out, "--hidden", "32", .. arguments])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Ranks that wait leave the processors to the other tests that run now.
        start.Environment["OMPI_MCA_mpi_yield_when_idle"] = "1";
        if (path is not null) start.Environment["PATH"] = path;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        bool ended = process.WaitForExit(TimeSpan.FromMinutes(4));
        if (!ended) process.Kill(entireProcessTree: true);
        ended.ShouldBeTrue(output.Result + errors.Result);
        return (process.ExitCode, output.Result, errors.Result);
    }
}
