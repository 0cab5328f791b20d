using System.Diagnostics;
using System.Reflection;

namespace Adjoint.Tests.Surface;

/// <summary>A test in a process of its own: one that may crash, and that changes what is the whole process's.</summary>
internal static class OwnProcess
{
    /// <summary>Runs a test of this assembly again, elsewhere, and waits for its end, whatever that is.</summary>
    /// <param name="test">The test.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">How it is told to work itself, and under what limits.</param>
    internal static async Task Run(MethodBase test, string folder, params (string Name, string Value)[] environment)
    {
        using Process process = Start(test, folder, environment);
        // What a crash prints can be long, and is not needed: the report says where it was.
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        await errors;
    }

    /// <summary>Starts a test of this assembly again, elsewhere, for who does not wait for its end.</summary>
    /// <inheritdoc cref="Run"/>
    internal static Process Start(MethodBase test, string folder, params (string Name, string Value)[] environment)
    {
        string dll = typeof(OwnProcess).Assembly.Location, host = Environment.ProcessPath!;
        string[] filter = ["--filter-method", $"{test.DeclaringType!.FullName}.{test.Name}", "--no-progress"];
        var start = new ProcessStartInfo(host, Path.GetFileNameWithoutExtension(host) == "dotnet" ? [dll, .. filter] : filter)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment.Append(BesideOthersAttribute.Within)) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
