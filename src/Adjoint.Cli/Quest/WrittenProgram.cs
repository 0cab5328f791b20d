using System.ComponentModel;
using System.Diagnostics;

namespace Adjoint.Cli.Quest;

/// <summary>Compiles and runs a written program, as anybody would: in a folder of its own, by <c>dotnet run</c>.</summary>
internal static class WrittenProgram
{
    /// <summary>How programs are run: of a text and its argument, what it prints.</summary>
    internal static Func<string, string, string> Runner { get; set; } = Run;

    private static string Run(string program, string argument)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("adjoint-quest-");
        try
        {
            string file = Path.Combine(folder.FullName, "ByHand.cs");
            File.WriteAllText(file, program);
            var start = new ProcessStartInfo("dotnet", ["run", file, "--", argument])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.FullName,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output
                : throw new InvalidOperationException(
                    $"The program written by hand ended with code {process.ExitCode}: {errors.Result}{output}");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                $"The program written by hand cannot be compiled: dotnet was not found ({e.Message}). Install the .NET 10 SDK, or see the "
                + "program with --code.", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
