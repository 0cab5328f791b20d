namespace Adjoint;

/// <summary>The modes of the thread that are looked at rarely; what is asked at every operation is <see cref="Here.On"/>.</summary>
/// <param name="ChecksNan">Whether anomaly detection looks for NaN.</param>
/// <param name="Hooks">What saved tensors pass through.</param>
/// <param name="Innermost">The innermost level of forward mode.</param>
/// <param name="Visible">The highest level whose tangents are looked at.</param>
/// <param name="Cut">The highest level for which everything computed now is a constant. See Note [One meaning of a constant].</param>
/// <param name="Nesting">How many functions that are being transformed the thread is in.</param>
/// <param name="Draws">Who wants to know which generators are drawn from.</param>
/// <param name="Outermost">The modes that operations pass. See Note [One door].</param>
/// <param name="Scope">The scope that gives back at its end what is made now. See Note [Made in a scope].</param>
internal record struct Modes(
    bool ChecksNan, SavedTensorHooks? Hooks, ForwardLevel? Innermost, int Visible, int Cut, int Nesting, RandomRecord? Draws,
    ModeStack? Outermost, MemoryScope? Scope);

/// <summary>All modes of a thread, to be brought back or taken elsewhere. The default is the plain mode.</summary>
internal readonly record struct ModeState(GradMode.Switch Switches, Modes Rare)
{
    /// <summary>The modes as they are now.</summary>
    internal static ModeState Now => Of(Here.Now);

    private static ModeState Of(Here here) => new(here.On, here.Rare);

    /// <summary>The same without recording, and without tangents.</summary>
    internal ModeState Unrecorded => new((Switches | GradMode.Switch.NoGrad) & ~GradMode.Switch.Tangents, Rare with { Visible = 0 });

    /// <summary>The same without hooks on saved tensors.</summary>
    internal ModeState WithoutHooks => new(Switches & ~GradMode.Switch.SavedHooks, Rare with { Hooks = null });

    /// <summary>The same with only the inner ones of the modes that operations pass.</summary>
    internal ModeState Within(ModeStack? inner) => new(
        inner is null ? Switches & ~GradMode.Switch.Watched : Switches, Rare with { Outermost = inner });

    /// <summary>Sets every mode of the current thread.</summary>
    internal void Set()
    {
        Here here = Here.Now;
        here.On = Switches;
        here.Rare = Rare;
    }
}
