namespace Adjoint.Symbolic;

/// <summary>One application of one rule of differentiation.</summary>
/// <param name="Rule">The rule's name: "sum", "product", "chain, (ln u)′ = 1 / u", …</param>
/// <param name="Formula">What was differentiated.</param>
/// <param name="Derivative">What came out, unsimplified.</param>
public sealed record DerivativeStep(string Rule, Expr Formula, Expr Derivative);
