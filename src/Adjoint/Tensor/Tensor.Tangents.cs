namespace Adjoint;

public sealed partial class Tensor
{
    private Tangent? _tangents;

    /// <summary>The tangents of forward mode, the newest level first; null for none.</summary>
    internal Tangent? Tangents
    {
        get
        {
            if (_view is not null && ForwardMode.Level != 0) RefreshTangents();
            return _tangents;
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
    internal void AddTangent(ForwardLevel level, Tensor value) => _tangents = new Tangent(level, value, _tangents);

    /// <summary>Replaces all tangents.</summary>
    internal void SetTangents(Tangent? tangents) => _tangents = tangents;
}
