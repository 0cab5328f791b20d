using System.Diagnostics;

namespace Adjoint;

/// <summary>A backward pass under <see cref="Autograd.DetectAnomaly"/> failed or made a NaN; the message shows the forward call.</summary>
public sealed class AnomalyException(string message, Exception? inner = null) : AutogradException(message, inner);

/// <summary>Anomaly detection: remembers where each node was recorded and looks for NaN in every gradient.</summary>
internal static class Anomaly
{
    [ThreadStatic] private static bool s_checkNan;

    internal static bool IsEnabled
    {
        get => GradMode.Has(GradMode.Switch.Anomaly);
        set => GradMode.Set(GradMode.Switch.Anomaly, value);
    }

    internal static bool ChecksNan { get => s_checkNan; set => s_checkNan = value; }

    /// <summary>Remembers the user's line that recorded the node.</summary>
    internal static void Remember(Node node) => NodeExtras.Of(node).ForwardTrace = Trace();

    /// <summary>Throws when a gradient the node made holds NaN.</summary>
    internal static void Check(Node node, Tensor?[] results)
    {
        if (!IsEnabled || !s_checkNan) return;
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is { } gradient && Elements.HasNaN(gradient))
                throw new AnomalyException($"{node.Name}: returned NaN in the gradient of its input {i}.{Where(node)}");
        }
    }

    /// <summary>The same error with the place of the forward call.</summary>
    internal static AnomalyException WithTrace(Node node, Exception error) =>
        new($"{node.Name}: {error.Message}{Where(node)}", error);

    private static string Where(Node node) => node.Extras?.ForwardTrace is { } trace
        ? $"{Environment.NewLine}The forward call that recorded it:{Environment.NewLine}{trace}"
        : " It was recorded outside of DetectAnomaly, so the forward call is not known.";

    private static string Trace()
    {
        var trace = new StackTrace(1, fNeedFileInfo: true);
        var own = typeof(Tensor).Assembly;
        IEnumerable<string> lines = trace.GetFrames()
            .SkipWhile(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName == own.FullName)
            .Select(frame => DiagnosticMethodInfo.Create(frame) is { } method
                ? $"   at {method.DeclaringTypeName}.{method.Name}{(frame.GetFileName() is { } file ? $" in {file}:line {frame.GetFileLineNumber()}" : "")}"
                : "   at an unknown method");
        return string.Join(Environment.NewLine, lines.Take(12));
    }
}

/// <summary>Anomaly detection in force until the end of the <c>using</c> block.</summary>
public readonly ref struct AnomalyScope
{
    private readonly bool _enabled, _checkNan;

    internal AnomalyScope(bool enabled, bool checkNan)
    {
        (_enabled, _checkNan) = (Anomaly.IsEnabled, Anomaly.ChecksNan);
        (Anomaly.IsEnabled, Anomaly.ChecksNan) = (enabled, checkNan);
    }

    /// <summary>Restores the setting from before.</summary>
    public void Dispose() => (Anomaly.IsEnabled, Anomaly.ChecksNan) = (_enabled, _checkNan);
}
