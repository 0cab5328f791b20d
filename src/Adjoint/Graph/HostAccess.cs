using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What C# code reads and writes of tensors past the operations: what cannot be captured.</summary>
/// <remarks>
/// // Note [What a graph cannot see]
/// A number that was read out of a tensor is a C# number: what is done with it happens once, when the function is captured, and a run
/// would go on with what it then was, silently. So while a function is captured, every such access is an error that names the line. The
/// library's own looks at elements are behind the door, where nothing is captured.
/// </remarks>
internal static class HostAccess
{
    /// <summary>Elements are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Read(string how)
    {
        if (GraphCapture.IsAnywhere) Refuse($"{how}: reads elements of a tensor in C#, which a run of the graph would not do again: what depends on them would stay as it "
            + "was captured. Return the tensor and read it after the run; instead of an if on a value use Tensor.Where");
    }

    /// <summary>Elements are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Write(string how)
    {
        if (GraphCapture.IsAnywhere) Refuse(
            $"{how}: writes elements of a tensor in C#, which a run of the graph would not do again. Do it before the function is called");
    }

    /// <summary>A tensor takes another shape and stays the same tensor.</summary>
    internal static void Reshape(string how)
    {
        if (GraphCapture.IsAnywhere) Refuse(
            $"{how}: changes the shape of a tensor in place, which a run of the graph would not do again. Use the operation that is not in "
            + "place");
    }

    /// <summary>A generator is used or set otherwise than by an operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Draw(string how)
    {
        if (GraphCapture.IsAnywhere) Refuse($"{how}: uses a generator in C#, which a run of the graph would not do again. Draw with tensors (Tensor.Rand), and seed before the function is called");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Refuse(string message)
    {
        if (GraphCapture.Current is { } capture) throw capture.Refuse(message + ".");
    }
}
