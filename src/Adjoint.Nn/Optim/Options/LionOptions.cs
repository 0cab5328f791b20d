namespace Adjoint.Optim;

/// <summary>The options of <see cref="Lion"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Beta1">β₁: how much of the mean counts in a step; in [0, 1).</param>
/// <param name="Beta2">β₂: how much of the mean is kept; in [0, 1).</param>
/// <param name="WeightDecay">λ: how fast parameters decay by themselves, times the rate; at least 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record LionOptions(
    double Lr = 1e-4, double Beta1 = 0.9, double Beta2 = 0.99, double WeightDecay = 0, bool Maximize = false);
