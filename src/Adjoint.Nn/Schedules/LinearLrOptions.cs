namespace Adjoint.Optim;

/// <summary>The options of <see cref="LinearLR"/>.</summary>
/// <param name="StartFactor">The factor at epoch 0; in (0, 1].</param>
/// <param name="EndFactor">The factor from the last epoch on; in [0, 1].</param>
/// <param name="TotalIters">The last epoch; at least 0.</param>
public sealed record LinearLrOptions(double StartFactor = 1.0 / 3, double EndFactor = 1, int TotalIters = 5);
