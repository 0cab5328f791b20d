namespace Adjoint.Optim;

/// <summary>The options of <see cref="SGD"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Momentum">How much of the last step is kept; at least 0.</param>
/// <param name="Dampening">How much of the gradient is left out of the momentum; any finite number.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients (an L2 penalty); at least 0.</param>
/// <param name="Nesterov">Looks ahead along the momentum.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
/// <example><code>var optimizer = new SGD(net.Parameters(), new SgdOptions { Lr = 0.1, Momentum = 0.9 });</code></example>
public sealed record SgdOptions(
    double Lr = 1e-3, double Momentum = 0, double Dampening = 0, double WeightDecay = 0, bool Nesterov = false, bool Maximize = false);
