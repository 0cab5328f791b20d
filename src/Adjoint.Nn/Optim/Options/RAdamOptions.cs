namespace Adjoint.Optim;

/// <summary>The options of <see cref="RAdam"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="Beta1">β₁: how much of the mean of the gradients is kept; in [0, 1).</param>
/// <param name="Beta2">β₂: how much of the mean of their squares is kept; in [0, 1).</param>
/// <param name="Eps">ε; at least 0.</param>
/// <param name="WeightDecay">The factor of the parameters that is added to their gradients (an L2 penalty); at least 0.</param>
public sealed record RAdamOptions(
    double Lr = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Eps = 1e-8, double WeightDecay = 0)
    : MomentOptions(Lr, Beta1, Beta2, Eps, WeightDecay)
{
    // The pair of a constructor, or none for the usual one.
    internal RAdamOptions(double lr, (double Beta1, double Beta2)? betas, double eps, double weightDecay)
        : this(lr, betas?.Beta1 ?? 0.9, betas?.Beta2 ?? 0.999, eps, weightDecay)
    {
    }
}
