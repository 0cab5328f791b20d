namespace Adjoint;

/// <summary>
/// What is true of a function at every argument, and what a formula may therefore be rewritten by. Each of them is tested.
/// </summary>
[Flags]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public enum OpFacts
{
    /// <summary>Nothing that is used.</summary>
    None = 0,

    /// <summary>f(−x) = −f(x).</summary>
    Odd = 1,

    /// <summary>f(−x) = f(x).</summary>
    Even = 2,

    /// <summary>f(x) ≥ 0 wherever it is defined.</summary>
    NotNegative = 4,

    /// <summary>It has a value for every number, and every pair of numbers.</summary>
    Total = 8,

    /// <summary>It has no step and no kink: a comparison with it holds at single points only.</summary>
    Smooth = 16,

    /// <summary>f(g(x)) = x for its inverse function g, wherever the left side is defined.</summary>
    Cancels = 32,

    /// <summary>It has a value where one of its arguments is not a number: that one is passed over.</summary>
    PassesOverNaN = 64,

    /// <summary>
    /// A formula keeps it whole although it is composed of other functions, because its own slope says more than the derivative of
    /// what it is composed of: at a kink, and where a branch that is not taken overflows.
    /// </summary>
    Whole = 128,
}
