namespace Adjoint.Optim;

/// <summary>The options of <see cref="ConstantLR"/>.</summary>
/// <param name="Factor">The factor; in (0, 1].</param>
/// <param name="TotalIters">The first epoch without it; at least 0.</param>
public sealed record ConstantLrOptions(double Factor = 1.0 / 3, int TotalIters = 5);
