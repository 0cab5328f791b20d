namespace Adjoint;

/// <summary>Which end of a program the chain rule starts from.</summary>
public enum DerivativeMode
{
    /// <summary>From the arguments: one pass for each argument.</summary>
    Forward,

    /// <summary>From the results: one pass for each result.</summary>
    Reverse,
}
