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

    /// <summary>Replaces all tangents.</summary>
    internal void SetTangents(Tangent? tangents)
    {
        if (tangents is not null || _extras is not null) Extras.Tangents = tangents;
    }
}
