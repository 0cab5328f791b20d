using Adjoint.Data;

namespace Adjoint.Cli.Reports;

/// <summary>The files of a report: <c>metrics.json</c> for programs and <c>report.html</c> for people.</summary>
internal static class ReportFiles
{
    /// <summary>Writes both into <paramref name="directory"/>, which is made if need be; each is written whole or not at all.</summary>
    public static void Write(string directory, TrainingReport report)
    {
        Directory.CreateDirectory(directory);
        AtomicFile.Write(Path.Combine(directory, "metrics.json"), stream => MetricsJson.Write(stream, report));
        AtomicFile.Write(Path.Combine(directory, "report.html"), stream => HtmlReport.Write(stream, report));
    }
}
