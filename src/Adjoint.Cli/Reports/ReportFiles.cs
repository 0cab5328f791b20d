using Adjoint.Data;
using Adjoint.Formats;

namespace Adjoint.Cli.Reports;

/// <summary>The files of a report: <c>metrics.json</c> for programs and <c>report.html</c> for people.</summary>
internal static class ReportFiles
{
    /// <summary>Writes both into <paramref name="directory"/>, which is made if need be; they are of the same moment.</summary>
    public static void Write(string directory, TrainingReport report)
    {
        Directory.CreateDirectory(directory);
        AtomicFile.WriteTogether([.. Of(directory, report)]);
    }

    /// <summary>Where they are, and what writes their content.</summary>
    public static IEnumerable<(string Path, Action<Stream> Write)> Of(string directory, TrainingReport report) =>
    [
        (Path.Combine(directory, Names[0]), stream => MetricsJson.Write(stream, report)),
        (Path.Combine(directory, Names[1]), stream => HtmlReport.Write(stream, report)),
    ];

    /// <summary>What they are called.</summary>
    public static IReadOnlyList<string> Names { get; } = ["metrics.json", "report.html"];
}
