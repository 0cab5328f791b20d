using System.Diagnostics;

namespace Adjoint.Tests.Distributed;

/// <summary>Runs of several processes on this machine.</summary>
internal static class Ranks
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(120);

    /// <summary>What a run has printed, how it ended and how long it took.</summary>
    internal sealed record Result(int ExitCode, string Output, string Errors, TimeSpan Time)
    {
        internal DateTime Ended { get; } = DateTime.UtcNow;

        internal DateTime Begun => Ended - Time;

        internal void ShouldEndWell() => ExitCode.ShouldBe(0, All);

        internal string All => $"exit code {ExitCode} after {Time.TotalSeconds:F1} s\n{Output}\n{Errors}";
    }

    /// <summary>Skips the test where there is no MPI.</summary>
    internal static string Mpirun()
    {
        string? mpirun = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(mpirun is null, "There is no mpirun here: install openmpi-bin to run this test.");
        return mpirun!;
    }

    /// <summary>Runs a scenario on so many ranks; all of them must end well.</summary>
    internal static Result Run(int ranks, Action<string[]> scenario, params string[] arguments)
    {
        Result result = Try(ranks, scenario, [], arguments);
        result.ShouldEndWell();
        return result;
    }

    /// <summary>Runs a scenario on so many ranks, however it ends.</summary>
    internal static Result Try(
        int ranks, Action<string[]> scenario, (string Name, string Value)[] environment, params string[] arguments)
    {
        string dll = typeof(Ranks).Assembly.Location, host = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, dll] : [host];
        return Start(Mpirun(),
            ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", $"{ranks}", .. program, "rank", scenario.Method.Name, .. arguments],
            environment);
    }

    /// <summary>Starts a program and waits for its end.</summary>
    internal static Result Start(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The ranks of mpirun have terminals, which are not to be set up.
        start.Environment["TERM"] = "dumb";
        // Ranks that wait leave the processors to the other tests that run now; a test may say otherwise.
        start.Environment["OMPI_MCA_mpi_yield_when_idle"] = "1";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(s_most);
        if (!ended) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        var result = new Result(process.ExitCode, output.Result, errors.Result, Stopwatch.GetElapsedTime(begin));
        ended.ShouldBeTrue(result.All);
        return result;
    }
}
