namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The tangents as they are, of a view not made anew.</summary>
    internal Tangent? TangentsNow => _extras?.Tangents;

    /// <summary>The tangents of forward mode, the newest level first; null for none.</summary>
    internal Tangent? Tangents
    {
        get
        {
            if (_extras is ViewInfo view && ForwardMode.Level != 0) RefreshTangents(view);
            return _extras?.Tangents;
        }
    }

    /// <summary>The tangent of one level that is in force.</summary>
    internal Tangent? TangentAt(int depth)
    {
        for (Tangent? t = Tangents; t is not null; t = t.Next)
            if (t.Level.Depth == depth && t.Level.IsActive) return t;
        return null;
    }

    /// <summary>Adds the tangent of a new level.</summary>
    internal void AddTangent(ForwardLevel level, Tensor value) => Extras.Tangents = new Tangent(level, value, Extras.Tangents);

    /// <summary>Replaces the tangent of one level, those of others stay; null: it has none any more.</summary>
    internal void SetTangent(ForwardLevel level, Tensor? value)
    {
        if (value is not null || _extras?.Tangents is not null) Extras.Tangents = With(_extras?.Tangents, level, value);
    }

    /// <summary>
    /// The tensor of whose tangent of a level this one's is a part, and changes with it: the dual that was given one, else the base.
    /// </summary>
    internal Tensor TangentOwner(ForwardLevel level)
    {
        if (_extras is not ViewInfo view) return this;
        DualPart? dual = view.Dual;
        while (dual is not null && dual.Level != level) dual = dual.Outer;
        return dual?.Tensor ?? view.Base;
    }

    /// <summary>Makes this view the whole to which a tangent of the level belongs, and leaves it without one.</summary>
    internal Tensor AsDual(ForwardLevel level)
    {
        if (_extras is ViewInfo view) view.Dual = new DualPart(this, level, view.Dual);
        return this;
    }

    private static Tangent? With(Tangent? list, ForwardLevel level, Tensor? value)
    {
        if (list is not null && list.Level.Depth > level.Depth) return list with { Next = With(list.Next, level, value) };
        Tangent? rest = list is not null && list.Level.Depth == level.Depth ? list.Next : list;
        return value is null ? rest : new Tangent(level, value, rest);
    }

    /// <summary>Replaces all tangents.</summary>
    internal void SetTangents(Tangent? tangents)
    {
        if (tangents is not null || _extras is not null) Extras.Tangents = tangents;
    }
}

/// <summary>A dual as its views know it.</summary>
/// <param name="Tensor">It, the whole of the tangent of its level.</param>
/// <param name="Level">The level.</param>
/// <param name="Outer">The dual of a level further out that it is itself a part of, if any.</param>
internal sealed record DualPart(Tensor Tensor, ForwardLevel Level, DualPart? Outer);
