using System.Diagnostics;

namespace Adjoint;

/// <summary>A backward pass under <see cref="Autograd.DetectAnomaly"/> failed or made a NaN; the message shows the forward call.</summary>
public sealed class AnomalyException(string message, Exception? inner = null) : AutogradException(message, inner);

/// <summary>Anomaly detection: remembers where each node was recorded and looks for NaN in every gradient.</summary>
internal static class Anomaly
{
    internal static bool IsEnabled
    {
        get => GradMode.Has(GradMode.Switch.Anomaly);
        set => GradMode.Set(GradMode.Switch.Anomaly, value);
    }

    /// <summary>Remembers the user's line that recorded the node.</summary>
    internal static void Remember(Node node) => NodeExtras.Of(node).ForwardTrace = Trace();

    /// <summary>Throws when a gradient the node made holds NaN.</summary>
    internal static void Check(Node node, Tensor?[] results)
    {
        if (!IsEnabled || !Here.Now.Rare.ChecksNan) return;
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

/// <summary>Anomaly detection in force until the end of the <c>using</c> block, see <see cref="ModeScope"/>.</summary>
public sealed class AnomalyScope : ModeScope
{
    internal AnomalyScope(bool enabled, bool checkNan)
    {
        (Anomaly.IsEnabled, Here.Now.Rare.ChecksNan) = (enabled, checkNan);
        Begin();
    }
}
