namespace Adjoint.Optim;

/// <summary>The options of <see cref="ExponentialLR"/>.</summary>
/// <param name="Gamma">γ; at least 0.</param>
public sealed record ExponentialLrOptions(double Gamma);
