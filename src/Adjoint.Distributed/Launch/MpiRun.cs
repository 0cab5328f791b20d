using System.Diagnostics;

namespace Adjoint.Distributed.Launch;

/// <summary>Starts a program, as this one was started, on several ranks of this machine.</summary>
internal static class MpiRun
{
    /// <summary>Runs this program with other arguments on so many ranks, and waits for its end.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="arguments">What each rank is given.</param>
    /// <returns>The exit code of the run.</returns>
    /// <exception cref="DistributedException">There is no <c>mpirun</c>; the message says how to get it.</exception>
    internal static int Start(int ranks, IEnumerable<string> arguments)
    {
        string mpirun = Find() ?? throw new DistributedException($"mpirun was not found, which starts several processes. {MpiLibrary.HowToGet}");
        var start = new ProcessStartInfo(mpirun, [.. Flags(), "-n", $"{ranks}", .. Program(), .. arguments]) { UseShellExecute = false };
        // mpirun gives each rank a terminal of its own, which is not to be set up, and shown as what it prints.
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start) ?? throw new DistributedException($"{mpirun} could not be started.");
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The path of <c>mpirun</c>, or null.</summary>
    internal static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/lib64/openmpi/bin").Append("/opt/homebrew/bin")
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "mpirun.exe" : "mpirun")).FirstOrDefault(File.Exists);

    // More ranks than processors are for trying out; what each rank may use is said by Launched.ShareProcessors.
    private static IEnumerable<string> Flags()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess) yield return "--allow-run-as-root";
        yield return "--oversubscribe";
        yield return "--bind-to";
        yield return "none";
    }

    // This program: its own file, or that of a library in the runtime's.
    private static string[] Program()
    {
        string host = Environment.ProcessPath ?? throw new DistributedException("The path of this program is not known, so it cannot be started again.");
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, Environment.GetCommandLineArgs()[0]] : [host];
    }
}
