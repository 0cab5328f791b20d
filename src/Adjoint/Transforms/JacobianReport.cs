namespace Adjoint;

/// <summary>A Jacobian, and what it cost.</summary>
/// <param name="Matrix">∂f/∂x, of the shape of f(x) followed by the shape of x.</param>
/// <param name="Mode">How it was computed.</param>
/// <param name="Passes">How many forward or backward passes it took: as many as x, or f(x), has elements.</param>
public sealed record JacobianReport(Tensor Matrix, DerivativeMode Mode, int Passes)
{
    /// <summary>
    /// Why reverse mode was taken although forward mode has fewer passes: an operation without a rule for it; otherwise null.
    /// </summary>
    public string? Note { get; init; }
}

/// <summary>The Jacobians of several results with respect to several arguments, and what they cost together.</summary>
/// <param name="Matrices"><c>[result][argument]</c>, each of the shape of the result followed by the shape of the argument.</param>
/// <param name="Mode">How they were computed.</param>
/// <param name="Passes">How many forward or backward passes it took: as many as all arguments, or all results, have elements.</param>
public sealed record JacobianBlocks(IReadOnlyList<IReadOnlyList<Tensor>> Matrices, DerivativeMode Mode, int Passes)
{
    /// <summary>
    /// Why reverse mode was taken although forward mode has fewer passes: an operation without a rule for it; otherwise null.
    /// </summary>
    public string? Note { get; init; }
}
