namespace Adjoint.Optim;

/// <summary>The options of <see cref="Adadelta"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Rho">ρ: how much of the means of squares is kept; in [0, 1].</param>
/// <param name="Eps">ε; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
public sealed record AdadeltaOptions(
    double Lr = 1, double Rho = 0.9, double Eps = 1e-6, double WeightDecay = 0);
