using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What the current thread records. How modes go with the code from thread to thread: Note [Modes flow].</summary>
/// <remarks>
/// // Note [One look]
/// Every operation asks whether to record, to carry tangents, to note the caller, to pack what it saves. All of that is off or on
/// in one thread-static word, which is zero in a plain program: one look decides that none of it concerns the operation.
/// </remarks>
internal static class GradMode
{
    /// <summary>What differs from the plain mode of a new thread.</summary>
    [Flags]
    internal enum Switch { None = 0, NoGrad = 1, Inference = 2, Tangents = 4, Anomaly = 8, SavedHooks = 16 }

    [ThreadStatic] private static Switch s_switches;

    /// <summary>All switches of the thread.</summary>
    internal static Switch All { get => s_switches; set => s_switches = value; }

    /// <summary>Whether everything is as in a new thread: operations are recorded, and nothing else is asked of them.</summary>
    internal static bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_switches == Switch.None;
    }

    internal static bool IsEnabled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (s_switches & Switch.NoGrad) == 0;
        // Nothing is recorded in inference mode, whatever else is asked for inside.
        set => Set(Switch.NoGrad, !value || IsInference);
    }

    internal static bool IsInference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (s_switches & Switch.Inference) != 0;
        set => Set(Switch.Inference, value);
    }

    /// <summary>Whether operations are recorded or carry tangents.</summary>
    internal static bool IsObserved
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (s_switches & (Switch.NoGrad | Switch.Tangents)) != Switch.NoGrad;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Has(Switch which) => (s_switches & which) != 0;

    internal static void Set(Switch which, bool on) => s_switches = on ? s_switches | which : s_switches & ~which;

    /// <summary>The switches of grad and inference mode, to be restored.</summary>
    internal static Switch Save() => s_switches & (Switch.NoGrad | Switch.Inference);

    internal static void Restore(Switch saved) => s_switches = (s_switches & ~(Switch.NoGrad | Switch.Inference)) | saved;
}

/// <summary>
/// What the library computes aside, until the end of the <c>using</c> block: nothing is recorded, and no tangents are carried. For
/// code that calls none of the user's (Note [Modes flow]): it costs nothing.
/// </summary>
internal readonly ref struct Unrecorded
{
    private readonly GradMode.Switch _before;

    private Unrecorded(GradMode.Switch before)
    {
        _before = before;
        GradMode.All = (before | GradMode.Switch.NoGrad) & ~GradMode.Switch.Tangents;
    }

    internal static Unrecorded Begin() => new(GradMode.All);

    public void Dispose() => GradMode.All = _before;
}

/// <summary>A grad mode in force until the end of the <c>using</c> block, see <see cref="ModeScope"/>.</summary>
public sealed class GradScope : ModeScope
{
    internal GradScope(bool enabled, bool? inference = null)
    {
        if (inference is { } on) GradMode.IsInference = on;
        GradMode.IsEnabled = enabled;
        ForwardMode.Cut(!GradMode.IsEnabled);
        Begin();
    }
}
