using Adjoint.Cli.Reports;
using Adjoint.Cli.Training.Language;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>The folder that a run leaves its files in; no other run can use it meanwhile.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string Model = "model.safetensors";

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Makes sure, before hours of work, that the files can be written there.</summary>
    /// <param name="path">The folder; by default <c>runs/</c> and the time.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IOException">It cannot be made or written to, or another run writes there.</exception>
    public static RunFolder Open(string? path, DateTimeOffset now)
    {
        path ??= System.IO.Path.Combine("runs", now.ToString("yyyy-MM-dd-HHmmss", System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            Directory.CreateDirectory(path);
            foreach (string name in (string[])[Model, .. ReportFiles.Names]) AtomicFile.CheckWritable(System.IO.Path.Combine(path, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"--out '{path}': cannot write there: {e.Message}", e);
        }
        try
        {
            // Two runs would leave the model of one beside the metrics of the other.
            return new RunFolder(path, new FileStream(
                System.IO.Path.Combine(path, ".running"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose));
        }
        catch (IOException e)
        {
            throw new IOException($"--out '{path}': another run is writing there.", e);
        }
    }

    /// <summary>
    /// Saves the network and the report. Whoever looks, also after a crash half way, finds a model and metrics of the same moment, or a
    /// model without metrics.
    /// </summary>
    public void Save(Module net, TrainingReport report) => AtomicFile.WriteTogether(
    [
        (System.IO.Path.Combine(Path, Model), stream =>
            SafeTensors.Save(
                stream, net.StateDict(),
                new Dictionary<string, string>((net as TextModel)?.Metadata ?? []) { ["title"] = report.Title })),
        .. ReportFiles.Of(Path, report),
    ]);

    public void Dispose() => _lock.Dispose();
}
