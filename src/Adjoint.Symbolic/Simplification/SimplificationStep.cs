namespace Adjoint.Symbolic;

/// <summary>One step of <see cref="Expr.Simplify(out IReadOnlyList{SimplificationStep})"/>.</summary>
/// <param name="Rule">What was done.</param>
/// <param name="Before">The formula before.</param>
/// <param name="After">The formula after.</param>
/// <param name="Evidence">What proves that both have the same value.</param>
public sealed record SimplificationStep(string Rule, Expr Before, Expr After, Proof Evidence);
