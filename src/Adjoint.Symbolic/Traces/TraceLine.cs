namespace Adjoint.Symbolic;

/// <summary>One line of the primal trace: an input or one operation on earlier lines.</summary>
/// <param name="Name">v₋₁, v₀ for the inputs, v₁, v₂, … for the operations.</param>
/// <param name="Formula">The variable it stands for, or the operation on the names of its operands: ln(v₋₁).</param>
/// <param name="Value">The value at the point.</param>
/// <param name="Partials">The derivatives by its operands; none for an input.</param>
public sealed record TraceLine(string Name, Expr Formula, double Value, IReadOnlyList<Partial> Partials);
