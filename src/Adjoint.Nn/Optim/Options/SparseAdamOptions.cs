namespace Adjoint.Optim;

/// <summary>The options of <see cref="SparseAdam"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Beta1">β₁: how much of the mean of the gradients is kept; in [0, 1).</param>
/// <param name="Beta2">β₂: how much of the mean of their squares is kept; in [0, 1).</param>
/// <param name="Eps">ε; above 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record SparseAdamOptions(
    double Lr = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Eps = 1e-8, bool Maximize = false);
