namespace Adjoint;

/// <summary>What becomes of the fraction of a quotient: PyTorch's <c>rounding_mode</c>.</summary>
public enum RoundingMode
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>It is cut off: the quotient is rounded towards 0, as C# divides integers.</summary>
    Trunc,

    /// <summary>The quotient is rounded down, as Python's <c>//</c> does.</summary>
    Floor,
}
