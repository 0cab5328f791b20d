using System.Diagnostics;

namespace Adjoint;

/// <summary>Finds the user's line that led to where the program is.</summary>
internal static class GraphLines
{
    private static readonly HashSet<string> s_library = ["Adjoint", "Adjoint.Kernels", "Adjoint.Nn", "Adjoint.Symbolic", "Adjoint.Formats"];

    /// <summary>The innermost line outside of the library and of .NET; null where there is none.</summary>
    internal static GraphLine? Here()
    {
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method) continue;
            string assembly = method.DeclaringAssemblyName is { } full && full.IndexOf(',') is var end && end > 0
                ? full[..end] : method.DeclaringAssemblyName ?? "";
            if (s_library.Contains(assembly) || assembly.StartsWith("System.", StringComparison.Ordinal)) continue;
            return new GraphLine(method.Name, frame.GetFileName(), frame.GetFileLineNumber());
        }
        return null;
    }
}
