namespace Adjoint.Optim;

/// <summary>The options of <see cref="StepLR"/>.</summary>
/// <param name="StepSize">How many epochs a rate holds; at least 1.</param>
/// <param name="Gamma">γ; at least 0.</param>
public sealed record StepLrOptions(int StepSize, double Gamma = 0.1);
