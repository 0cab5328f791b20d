namespace Adjoint.Optim;

/// <summary>The options of <see cref="Adafactor"/>.</summary>
/// <param name="Lr">The largest relative learning rate; at least 0.</param>
/// <param name="Beta2Decay">The exponent of what is kept of the mean squares; at most 0.</param>
/// <param name="Eps1">ε₁: the least square; at least 0, where 0 is that of the smallest number that changes 1 in the dtype.</param>
/// <param name="Eps2">ε₂: the least size of a parameter; at least 0.</param>
/// <param name="D">The largest root mean square of an update; at least 1.</param>
/// <param name="WeightDecay">How fast parameters decay by themselves, times the rate; at least 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record AdafactorOptions(
    double Lr = 1e-2, [property: OptionName("beta2_decay")] double Beta2Decay = -0.8, double Eps1 = 0,
    double Eps2 = 1e-3, double D = 1, double WeightDecay = 0,
    bool Maximize = false);
