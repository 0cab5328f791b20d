namespace Adjoint.Optim;

/// <summary>The options of <see cref="PolynomialLR"/>.</summary>
/// <param name="TotalIters">The epoch from which on the rate is 0; at least 1.</param>
/// <param name="Power">The power of the polynomial; at least 0.</param>
public sealed record PolynomialLrOptions(int TotalIters = 5, double Power = 1);
