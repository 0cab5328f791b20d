namespace Adjoint.Symbolic;

/// <summary>The derivative of one line of a trace by one of its operands.</summary>
/// <param name="Operand">The operand's name: v₋₁.</param>
/// <param name="Formula">The derivative as a formula of the line's operands: 1/v₋₁.</param>
/// <param name="Value">Its value at the point.</param>
public sealed record Partial(string Operand, Expr Formula, double Value);
