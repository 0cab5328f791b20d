using System.Globalization;
using System.Text.Json;
using Adjoint.Cli.Training;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>What metrics.json of a finished run says, as far as runs are compared by it.</summary>
/// <param name="Name">What to call the run.</param>
/// <param name="Title">What was trained.</param>
/// <param name="Options">The options, by name.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="TestAccuracy">After the last epoch, or after the best one if the run ended early.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RunMetrics(
    string Name, string Title, IReadOnlyDictionary<string, string> Options, IReadOnlyList<EpochResult> Epochs,
    double TestAccuracy, double Seconds)
{
    private const long MostBytes = 64 << 20;

    /// <summary>Whether examples were held back.</summary>
    public bool HasValidation => Epochs.Count > 0 && Epochs.All(epoch => epoch.ValLoss is not null);

    /// <summary>
    /// Reads the runs; each is called by the last part of its path, or by all of it where two would be called the same. A folder that
    /// holds runs, as <c>--vary</c> leaves it, stands for all of them.
    /// </summary>
    public static IReadOnlyList<RunMetrics> LoadAll(IReadOnlyList<string> given)
    {
        string[] paths = [.. given.SelectMany(path => RunsIn(path) is { Length: > 0 } runs ? runs : [path])];
        string[] names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        return [.. paths.Select((path, i) => Load(path, names.Count(name => name == names[i]) > 1 ? path : names[i]))];
    }

    /// <summary>The runs in a folder that is none itself.</summary>
    private static string[] RunsIn(string path) => !Directory.Exists(path) || File.Exists(Path.Combine(path, "metrics.json")) ? []
        : [.. Directory.GetDirectories(path).Where(folder => File.Exists(Path.Combine(folder, "metrics.json")))
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads a run.</summary>
    /// <param name="path">Its folder, or its metrics.json.</param>
    /// <param name="name">What to call it.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="ArgumentException">It is no metrics.json.</exception>
    public static RunMetrics Load(string path, string name)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "metrics.json") : path;
        if (!File.Exists(file))
            throw new FileNotFoundException(
                $"{path}: there is no metrics.json; give the folder of a run that `adjoint train` has finished.");
        if (new FileInfo(file).Length > MostBytes) throw new ArgumentException($"{file}: this is too large to be the metrics of a run.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement run = document.RootElement;
            return new RunMetrics(
                name, run.GetProperty("title").GetString() ?? "",
                run.GetProperty("options").EnumerateObject().ToDictionary(option => option.Name, option => option.Value.GetString() ?? ""),
                [.. run.GetProperty("epochs").EnumerateArray().Select(Epoch)],
                Number(run.GetProperty("testAccuracy")), Number(run.GetProperty("seconds")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ArgumentException($"{file}: this is no metrics.json of a run: {e.Message}", e);
        }
    }

    private static EpochResult Epoch(JsonElement e) => new(
        e.GetProperty("epoch").GetInt32(), Number(e.GetProperty("trainLoss")), Number(e.GetProperty("trainAccuracy")),
        Number(e.GetProperty("testLoss")), Number(e.GetProperty("testAccuracy")),
        Number(e.GetProperty("trainSeconds")), Number(e.GetProperty("testSeconds")))
    {
        ValLoss = e.TryGetProperty("valLoss", out JsonElement loss) ? Number(loss) : null,
        ValAccuracy = e.TryGetProperty("valAccuracy", out JsonElement accuracy) ? Number(accuracy) : null,
    };

    /// <summary>A diverged loss is the string NaN.</summary>
    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();
}
