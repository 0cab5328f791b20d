namespace Adjoint.Optim;

/// <summary>The options of <see cref="Adagrad"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="LrDecay">How fast the rate falls with the steps; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
/// <param name="Eps">ε; at least 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record AdagradOptions(
    double Lr = 1e-2, double LrDecay = 0, double WeightDecay = 0, double Eps = 1e-10, bool Maximize = false);
