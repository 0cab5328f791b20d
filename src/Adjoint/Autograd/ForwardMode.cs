namespace Adjoint;

/// <summary>
/// Forward mode: tensors carry tangents, one for each level of nesting, and every operation computes its result's.
/// </summary>
/// <remarks>
/// // Note [Levels]
/// A tangent of level k is itself an ordinary tensor that may carry tangents of levels below k. While the rule of an operation
/// computes a tangent of level k, only levels below k are visible (<see cref="Level"/> is k − 1), so derivatives of derivatives
/// come out of the same rules and perturbations of different levels never mix. Recording goes on meanwhile, hence reverse over
/// forward; and the backward pass itself consists of operations, hence forward over reverse.
///
/// // Note [One meaning of a constant]
/// What a function computes inside NoGrad() is a constant when it is differentiated, by whatever method: for reverse mode because
/// nothing is recorded, for the levels that Transforms enters because NoGrad() and its kin raise <see cref="Modes.Cut"/> to the level
/// they are entered in, and EnableGrad() lowers it again. A level that is entered inside NoGrad() is above the cut: what surrounds
/// the whole transform cuts nothing. Levels entered by hand go through NoGrad(), as PyTorch's do.
/// </remarks>
internal static class ForwardMode
{
    /// <summary>The highest visible level; 0 where no tangents are looked at.</summary>
    internal static int Level => GradMode.Has(GradMode.Switch.Tangents) ? Here.Now.Rare.Visible : 0;

    /// <summary>The innermost level that has not ended.</summary>
    internal static ForwardLevel? Innermost
    {
        get
        {
            ForwardLevel? level = Here.Now.Rare.Innermost;
            while (level is { IsActive: false }) level = level.Outer;
            return level;
        }
    }

    /// <summary>Makes a level the innermost one, and visible.</summary>
    internal static void Enter(ForwardLevel level)
    {
        Here.Now.Rare.Innermost = level;
        Show(level.Depth);
    }

    /// <summary>
    /// Whether what is computed from now on is a constant for the levels of functions that the code is in.
    /// </summary>
    internal static void Cut(bool constant) => Here.Now.Rare.Cut = constant ? Innermost?.Depth ?? 0 : 0;

    /// <summary>Makes no tangent visible until <see cref="Show"/>; returns the level from before.</summary>
    internal static int Hide()
    {
        int level = Here.Now.Rare.Visible;
        Show(0);
        return level;
    }

    internal static void Show(int level)
    {
        Here.Now.Rare.Visible = level;
        GradMode.Set(GradMode.Switch.Tangents, level != 0);
    }

    /// <summary>Whether an input has a tangent that is visible now.</summary>
    internal static bool HasTangent(Tensor x)
    {
        for (Tangent? t = x.Tangents; t is not null; t = t.Next)
            if (IsVisible(t.Level)) return true;
        return false;
    }

    /// <summary>Whether tangents of the level are to be carried: it is one of this code's, not hidden, and not cut.</summary>
    private static bool IsVisible(ForwardLevel level)
    {
        ref Modes here = ref Here.Now.Rare;
        if (!level.IsActive || level.Depth > here.Visible || (level.EndsAtNoGrad && level.Depth <= here.Cut)) return false;
        ForwardLevel? own = here.Innermost;
        while (own is not null && own != level) own = own.Outer;
        return own is not null;
    }

    /// <summary>Gives the outputs of an operation their tangents, level by level, from its rule.</summary>
    internal static void Propagate(Node rule, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int visible = Here.Now.Rare.Visible;
        for (int depth = 1; depth <= visible; depth++)
        {
            if (TangentsAt(depth, inputs, out Tensor?[] tangents) is not { } level) continue;
            Tensor?[] results = Below(level, rule, tangents);
            for (int o = 0; o < outputs.Length; o++)
                if (results[o] is { } result && outputs[o].DType.IsFloatingPoint) outputs[o].AddTangent(level, result);
        }
    }

    /// <summary>
    /// Gives a tensor that was changed in place its new tangents. Of a view, those of the whole change: the view's own are made anew
    /// from them, as its history is (Note [Views and in-place changes]).
    /// </summary>
    internal static void PropagateInPlace(Tensor x, Node rule, ReadOnlySpan<Tensor?> inputs)
    {
        // The tangents from before the change are those of the rule's first input: they are read before they are replaced.
        Tensor before = Before(x);
        var all = new Tensor?[inputs.Length];
        for (int i = 0; i < all.Length; i++) all[i] = ReferenceEquals(inputs[i], x) ? before : inputs[i];
        int visible = Here.Now.Rare.Visible;
        for (int depth = 1; depth <= visible; depth++)
        {
            if (TangentsAt(depth, all, out Tensor?[] tangents) is not { } level) continue;
            Tensor owner = x.TangentOwner(level);
            Node change = rule;
            if (!ReferenceEquals(owner, x))
            {
                change = new CopySlices(owner, x, rule);
                tangents[0] = owner.TangentAt(depth)?.Value;
            }
            owner.SetTangent(level, Below(level, change, tangents)[0]);
            // Whatever was looked at since the change shows what was there before it; and the rule may have saved what x became, whose
            // tangent of this level it asks for at the next.
            x.ExpireTangents();
            foreach (Tensor? input in inputs)
                if (input is not null && input.SharesStorageWith(x)) input.ExpireTangents();
        }
    }

    /// <summary>
    /// Gives a view of what was changed in place the tangents of what it shows now, of every level. Who happens to look at the view first
    /// does not matter: the tangents are not those of a constant inside NoGrad(), and are not given back with a scope.
    /// </summary>
    /// <remarks>
    /// // Note [Whose tangents a view shows]
    /// A view shows a part of the tangent of its base, and changing one changes the other. But a dual is a view whose base knows nothing
    /// of the tangent that was given to it: for that level the dual is the whole of which its views are parts, and for others its base
    /// is. So each view knows the duals it is a part of.
    /// </remarks>
    internal static void Refresh(Tensor view)
    {
        Here here = Here.Now;
        (GradMode.Switch on, Modes rare) = (here.On, here.Rare);
        here.On = on & ~(GradMode.Switch.NoGrad | GradMode.Switch.Inference | GradMode.Switch.Scoped | GradMode.Switch.Watched);
        here.Rare = rare with { Cut = 0, Scope = null, Outermost = null };
        try
        {
            view.SetTangents(Living(view.TangentsNow));
            for (ForwardLevel? level = Innermost; level is not null; level = level.Outer)
            {
                Tensor owner = view.TangentOwner(level);
                if (!level.IsActive || ReferenceEquals(owner, view)) continue;
                Show(level.Depth);
                Tensor? whole = owner.TangentAt(level.Depth)?.Value;
                view.SetTangent(level, whole is null ? null : Below(level, view.NodeAsPartOf(owner), [whole])[0]);
            }
        }
        finally
        {
            (here.On, here.Rare) = (on, rare);
        }
    }

    // What goes into a rule at one level, or no level where nothing does.
    private static ForwardLevel? TangentsAt(int depth, ReadOnlySpan<Tensor?> inputs, out Tensor?[] tangents)
    {
        tangents = new Tensor?[inputs.Length];
        ForwardLevel? level = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i]?.TangentAt(depth) is not { } tangent || !IsVisible(tangent.Level)) continue;
            tangents[i] = tangent.Value;
            level = tangent.Level;
        }
        return level;
    }

    // See Note [Levels].
    private static Tensor?[] Below(ForwardLevel level, Node rule, Tensor?[] tangents)
    {
        int visible = Here.Now.Rare.Visible;
        Show(level.Depth - 1);
        try
        {
            return rule.Jvp(tangents);
        }
        finally
        {
            Show(visible);
        }
    }

    private static Tangent? Living(Tangent? list) =>
        list is null ? null : list.Level.IsActive ? list with { Next = Living(list.Next) } : Living(list.Next);

    private static Tensor Before(Tensor x)
    {
        Tensor before = x.Detach();
        before.SetTangents(x.Tangents);
        return before;
    }
}

/// <summary>One level of forward mode, in force until it is disposed. See <see cref="ModeScope"/>.</summary>
public sealed class ForwardLevel : ModeScope
{
    /// <param name="outer">The level around it.</param>
    /// <param name="endsAtNoGrad">Whether what NoGrad() computes is a constant for it. See Note [One meaning of a constant].</param>
    internal ForwardLevel(ForwardLevel? outer, bool endsAtNoGrad)
    {
        (Outer, EndsAtNoGrad) = (outer, endsAtNoGrad);
        Depth = (outer?.Depth ?? 0) + 1;
    }

    internal ForwardLevel? Outer { get; }

    internal int Depth { get; }

    internal bool EndsAtNoGrad { get; }

    internal bool IsActive { get; private set; } = true;

    /// <summary>Enters a level by hand, to be disposed by the user.</summary>
    internal static ForwardLevel Enter()
    {
        var level = new ForwardLevel(ForwardMode.Innermost, endsAtNoGrad: false);
        ForwardMode.Enter(level);
        level.Begin();
        return level;
    }

    /// <summary>Its tangents are gone.</summary>
    internal void End() => IsActive = false;

    private protected override void CheckEnd()
    {
        for (ForwardLevel? level = ForwardMode.Innermost; level is not null && level != this; level = level.Outer)
        {
            if (level.Outer == this)
                throw new AutogradException("Forward mode: levels must be left in the reverse order of entering them.");
        }
        End();
    }
}

/// <summary>A tangent of a tensor at one level, with those of other levels.</summary>
internal sealed record Tangent(ForwardLevel Level, Tensor Value, Tangent? Next);
