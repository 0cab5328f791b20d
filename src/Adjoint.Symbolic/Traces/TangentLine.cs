namespace Adjoint.Symbolic;

/// <summary>One line of the tangent trace: v̇ᵢ = Σ ∂vᵢ/∂vⱼ · v̇ⱼ.</summary>
/// <param name="Name">v̇₁: the derivative of v₁ along the direction.</param>
/// <param name="Formula">How it follows from earlier lines: v̇₋₁/v₋₁.</param>
/// <param name="Value">Its value.</param>
public sealed record TangentLine(string Name, Expr Formula, double Value);
