using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What the current thread records: the switches of <see cref="Here.On"/>, for those who look once.</summary>
internal static class GradMode
{
    /// <summary>What differs from the plain mode of a new thread.</summary>
    [Flags]
    internal enum Switch
    {
        None = 0, NoGrad = 1, Inference = 2, Tangents = 4, Anomaly = 8, SavedHooks = 16, Watched = 32, Scoped = 64, Supplied = 128,
    }

    /// <summary>All switches of the thread.</summary>
    internal static Switch All { get => Here.Now.On; set => Here.Now.On = value; }

    internal static bool IsEnabled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !Here.Now.Has(Switch.NoGrad);
        // Nothing is recorded in inference mode, whatever else is asked for inside.
        set => Set(Switch.NoGrad, !value || IsInference);
    }

    internal static bool IsInference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Here.Now.Has(Switch.Inference);
        set => Set(Switch.Inference, value);
    }

    /// <summary>Whether operations are recorded or carry tangents.</summary>
    internal static bool IsObserved
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Here.Now.IsObserved;
    }

    internal static bool Has(Switch which) => Here.Now.Has(which);

    internal static void Set(Switch which, bool on)
    {
        Here here = Here.Now;
        here.On = on ? here.On | which : here.On & ~which;
    }
}

/// <summary>
/// What the library computes aside, until the end of the <c>using</c> block: nothing is recorded, and no tangents are carried. For
/// code that calls none of the user's (Note [Modes flow]): it costs nothing.
/// </summary>
internal readonly ref struct Unrecorded
{
    private readonly Here _here;
    private readonly GradMode.Switch _before;

    private Unrecorded(Here here)
    {
        (_here, _before) = (here, here.On);
        here.On = (_before | GradMode.Switch.NoGrad) & ~GradMode.Switch.Tangents;
    }

    internal static Unrecorded Begin() => new(Here.Now);

    public void Dispose() => _here.On = _before;
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
