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
/// </remarks>
internal static class ForwardMode
{
    [ThreadStatic] private static int s_level;
    [ThreadStatic] private static ForwardLevel? s_innermost;

    /// <summary>The highest visible level; 0 where no tangents are looked at.</summary>
    internal static int Level => GradMode.Has(GradMode.Switch.Tangents) ? s_level : 0;

    internal static ForwardLevel? Innermost => s_innermost;

    internal static ForwardLevel Enter()
    {
        s_innermost = new ForwardLevel(s_innermost);
        Show(s_innermost.Depth);
        return s_innermost;
    }

    internal static void Exit(ForwardLevel level)
    {
        if (s_innermost != level)
            throw new AutogradException("Forward mode: levels must be left in the reverse order of entering them.");
        level.IsActive = false;
        s_innermost = level.Outer;
        Show(s_innermost?.Depth ?? 0);
    }

    /// <summary>Makes no tangent visible until <see cref="Show"/>; returns the level from before.</summary>
    internal static int Hide()
    {
        int level = s_level;
        Show(0);
        return level;
    }

    internal static void Show(int level)
    {
        s_level = level;
        GradMode.Set(GradMode.Switch.Tangents, level != 0);
    }

    /// <summary>Whether an input has a tangent that is visible now.</summary>
    internal static bool HasTangent(Tensor x)
    {
        for (Tangent? t = x.Tangents; t is not null; t = t.Next)
            if (t.Level.IsActive && t.Level.Depth <= s_level) return true;
        return false;
    }

    /// <summary>Gives the outputs of an operation their tangents, level by level, from its rule.</summary>
    internal static void Propagate(Node rule, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int visible = s_level;
        for (int depth = 1; depth <= visible; depth++)
        {
            var tangents = new Tensor?[inputs.Length];
            ForwardLevel? level = null;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i]?.TangentAt(depth) is not { } tangent) continue;
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
        Tensor before = Before(x), ownerBefore = owner == x ? before : Before(owner);
        var all = new Tensor?[inputs.Length];
        for (int i = 0; i < all.Length; i++) all[i] = i == 0 ? ownerBefore : inputs[i] == x ? before : inputs[i];
        owner.SetTangents(null);
        Propagate(rule, all, [owner]);
        x.ExpireTangents();
    }

    /// <summary>Gives a view of a base that was changed in place the tangents of what it shows now, of every level.</summary>
    internal static void Refresh(Node rule, Tensor source, Tensor view)
    {
        int visible = s_level;
        Show(s_innermost?.Depth ?? 0);
        try
        {
            Propagate(rule, [source], [view]);
        }
        finally
        {
            s_level = visible;
        }
    }

    private static Tensor Before(Tensor x)
    {
        Tensor before = x.Detach();
        before.SetTangents(x.Tangents);
        return before;
    }
}

/// <summary>One level of forward mode, in force until it is disposed.</summary>
public sealed class ForwardLevel : IDisposable
{
    internal ForwardLevel(ForwardLevel? outer)
    {
        Outer = outer;
        Depth = (outer?.Depth ?? 0) + 1;
    }

    internal ForwardLevel? Outer { get; }

    internal int Depth { get; }

    internal bool IsActive { get; set; } = true;

    /// <summary>Leaves the level: its tangents are gone.</summary>
    public void Dispose()
    {
        if (IsActive) ForwardMode.Exit(this);
    }
}

/// <summary>A tangent of a tensor at one level, with those of other levels.</summary>
internal sealed record Tangent(ForwardLevel Level, Tensor Value, Tangent? Next);
