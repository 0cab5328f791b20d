namespace Adjoint.Optim;

/// <summary>The options of <see cref="RMSprop"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Alpha">α: how much of the mean of squares is kept; in [0, 1].</param>
/// <param name="Eps">ε; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
/// <param name="Momentum">How much of the last step is kept; at least 0.</param>
/// <param name="Centered">Whether steps are divided by the deviation instead of the root of the mean of squares.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record RmspropOptions(
    double Lr = 1e-2, double Alpha = 0.99, double Eps = 1e-8, double WeightDecay = 0, double Momentum = 0,
    bool Centered = false, bool Maximize = false);
