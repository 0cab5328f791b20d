namespace Adjoint;

/// <summary>The modes of the thread that are looked at rarely; what is asked at every operation is in <see cref="GradMode"/>.</summary>
/// <param name="ChecksNan">Whether anomaly detection looks for NaN.</param>
/// <param name="Hooks">What saved tensors pass through.</param>
/// <param name="Innermost">The innermost level of forward mode.</param>
/// <param name="Visible">The highest level whose tangents are looked at.</param>
/// <param name="Cut">The highest level for which everything computed now is a constant. See Note [One meaning of a constant].</param>
/// <param name="Nesting">How many functions that are being transformed the thread is in.</param>
/// <param name="Draws">Who wants to know which generators are drawn from.</param>
internal record struct Modes(
    bool ChecksNan, SavedTensorHooks? Hooks, ForwardLevel? Innermost, int Visible, int Cut, int Nesting, RandomRecord? Draws)
{
    [ThreadStatic] private static Modes t_here;

    /// <summary>Those of the current thread, to be read and changed.</summary>
    internal static ref Modes Here => ref t_here;
}

/// <summary>All modes of a thread, to be brought back or taken elsewhere. The default is the plain mode.</summary>
internal readonly record struct ModeState(GradMode.Switch Switches, Modes Rare)
{
    /// <summary>The modes as they are now.</summary>
    internal static ModeState Now => new(GradMode.All, Modes.Here);

    /// <summary>The same without recording, and without tangents.</summary>
    internal ModeState Unrecorded => new((Switches | GradMode.Switch.NoGrad) & ~GradMode.Switch.Tangents, Rare with { Visible = 0 });

    /// <summary>The same without hooks on saved tensors.</summary>
    internal ModeState WithoutHooks => new(Switches & ~GradMode.Switch.SavedHooks, Rare with { Hooks = null });

    /// <summary>Sets every mode of the current thread.</summary>
    internal void Set()
    {
        GradMode.All = Switches;
        Modes.Here = Rare;
    }
}
