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
            var tangents = new Tensor?[inputs.Length];
            ForwardLevel? level = null;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i]?.TangentAt(depth) is not { } tangent || !IsVisible(tangent.Level)) continue;
                tangents[i] = tangent.Value;
                level = tangent.Level;
            }
            if (level is null) continue;
            Show(depth - 1);
            try
            {
                Tensor?[] results = rule.Jvp(tangents);
                for (int o = 0; o < outputs.Length; o++)
                    if (results[o] is { } result && outputs[o].DType.IsFloatingPoint) outputs[o].AddTangent(level, result);
            }
            finally
            {
                Show(visible);
            }
        }
    }

    /// <summary>
    /// Gives a tensor that was changed in place its new tangents. Of a view, those of its base change: the view's own are made anew
    /// from them, as its history is (Note [Views and in-place changes]).
    /// </summary>
    internal static void PropagateInPlace(Tensor x, Node rule, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor owner = x;
        if (x.Base is { } source && (source.Tangents is not null || x.Tangents is null))
        {
            rule = new CopySlices(source, x, rule);
            owner = source;
        }
        // The tangents from before the change are those of the rule's first input: they are read before they are replaced.
        Tensor before = Before(x), ownerBefore = ReferenceEquals(owner, x) ? before : Before(owner);
        var all = new Tensor?[inputs.Length];
        for (int i = 0; i < all.Length; i++) all[i] = i == 0 ? ownerBefore : ReferenceEquals(inputs[i], x) ? before : inputs[i];
        owner.SetTangents(null);
        Propagate(rule, all, [owner]);
        x.ExpireTangents();
    }

    /// <summary>Gives a view of a base that was changed in place the tangents of what it shows now, of every level.</summary>
    internal static void Refresh(Node rule, Tensor source, Tensor view)
    {
        int visible = Hide();
        Show(Innermost?.Depth ?? 0);
        try
        {
            Propagate(rule, [source], [view]);
        }
        finally
        {
            Show(visible);
        }
    }

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
