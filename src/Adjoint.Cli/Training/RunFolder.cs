using Adjoint.Cli.Reports;
using Adjoint.Data;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>The folder that a run leaves its files in.</summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes sure, before hours of work, that the folder can be written to.</summary>
    /// <param name="path">The folder; by default <c>runs/</c> and the time.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public static RunFolder Open(string? path, DateTimeOffset now)
    {
        path ??= System.IO.Path.Combine("runs", now.ToString("yyyy-MM-dd-HHmmss", System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, "." + System.IO.Path.GetRandomFileName());
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"--out '{path}': cannot write there: {e.Message}", e);
        }
        return new RunFolder(path);
    }

    /// <summary>Saves the network and the report; each file whole or not at all.</summary>
    public void Save(Module net, TrainingReport report)
    {
        SafeTensors.Save(
            System.IO.Path.Combine(Path, "model.safetensors"), net.StateDict(),
            new Dictionary<string, string> { ["title"] = report.Title });
        ReportFiles.Write(Path, report);
    }
}
