namespace Adjoint.Symbolic;

/// <summary>One step of the adjoint trace: v̄ⱼ grows by v̄ᵢ · ∂vᵢ/∂vⱼ.</summary>
/// <param name="Name">v̄₀: the derivative of the result by v₀.</param>
/// <param name="Formula">What is added: v̄₃·cos(v₀).</param>
/// <param name="Contribution">The value of what is added.</param>
/// <param name="Value">The sum so far.</param>
/// <param name="Adds">Whether an earlier step has already contributed.</param>
public sealed record AdjointStep(string Name, Expr Formula, double Contribution, double Value, bool Adds)
{
    /// <summary>The partial derivative that is used, by its name: ∂v₃/∂v₀. Empty for the seed.</summary>
    public string Derivative { get; init; } = "";

    /// <summary>The partial derivative as a formula of earlier lines: cos(v₀).</summary>
    public Expr? Partial { get; init; }

    /// <summary>The adjoint it is multiplied with: v̄₃. Empty for the seed.</summary>
    public string Of { get; init; } = "";
}
