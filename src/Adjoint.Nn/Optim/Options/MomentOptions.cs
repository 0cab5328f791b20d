namespace Adjoint.Optim;

/// <summary>The options that <see cref="Adam"/> and its kin have in common.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Beta1">β₁: how much of the mean of the gradients is kept; in [0, 1).</param>
/// <param name="Beta2">β₂: how much of the mean of their squares is kept; in [0, 1).</param>
/// <param name="Eps">ε; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients (an L2 penalty); at least 0.</param>
public abstract record MomentOptions(double Lr, double Beta1, double Beta2, double Eps, double WeightDecay);
