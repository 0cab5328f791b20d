using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>A module that is running, for the graph that is being captured; otherwise nothing.</summary>
internal readonly ref struct GraphPart
{
    private readonly GraphCapture? _capture;

    private GraphPart(GraphCapture capture, object module)
    {
        _capture = capture;
        capture.Enter(module);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static GraphPart Enter(object module) =>
        GraphCapture.IsAnywhere && GraphCapture.Current is { } capture ? new(capture, module) : default;

    public void Dispose() => _capture?.Leave();
}
