using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What the current thread records. One thread's modes are no other's, as in PyTorch.</summary>
internal static class GradMode
{
    [Flags]
    private enum Off : byte { None = 0, Grad = 1, Normal = 2 }

    // Zero is the default of a new thread: everything on.
    [ThreadStatic] private static Off s_off;

    internal static bool IsEnabled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (s_off & Off.Grad) == 0;
        set => s_off = value ? s_off & ~Off.Grad : s_off | Off.Grad;
    }

    internal static bool IsInference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (s_off & Off.Normal) != 0;
        set => s_off = value ? s_off | Off.Normal : s_off & ~Off.Normal;
    }

    internal static byte Save() => (byte)s_off;

    internal static void Restore(byte saved) => s_off = (Off)saved;
}

/// <summary>
/// A grad mode in force until the end of the <c>using</c> block. A ref struct, because modes belong to the thread:
/// holding one across an <c>await</c> does not compile.
/// </summary>
public readonly ref struct GradScope
{
    private readonly byte _before;

    internal GradScope(bool enabled)
    {
        _before = GradMode.Save();
        GradMode.IsEnabled = enabled;
    }

    internal GradScope(bool enabled, bool inference) : this(enabled) => GradMode.IsInference = inference;

    /// <summary>Restores the mode from before.</summary>
    public void Dispose() => GradMode.Restore(_before);
}
