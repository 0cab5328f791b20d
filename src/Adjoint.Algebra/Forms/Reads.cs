namespace Adjoint;

/// <summary>
/// What one of the slopes of a binary function reads: a tensor that no slope reads is not kept and may be changed freely.
/// </summary>
[Flags]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public enum Reads
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The first argument.</summary>
    X = 1,

    /// <summary>The second argument.</summary>
    Y = 2,

    /// <summary>The value.</summary>
    Z = 4,

    /// <summary>Whatever the operation says that it saves.</summary>
    All = X | Y | Z,
}
