namespace Adjoint.Optim;

/// <summary>The options of <see cref="ASGD"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Lambd">λ: how fast parameters decay; at least 0.</param>
/// <param name="Alpha">α: the power by which the rate falls; at least 0.</param>
/// <param name="T0">t₀: the step from which on parameters are averaged; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record ASGDOptions(
    double Lr = 1e-2, double Lambd = 1e-4, double Alpha = 0.75, double T0 = 1e6, double WeightDecay = 0, bool Maximize = false);
