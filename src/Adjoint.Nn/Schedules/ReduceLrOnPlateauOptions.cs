namespace Adjoint.Optim;

/// <summary>The options of <see cref="ReduceLROnPlateau"/>.</summary>
/// <param name="Maximize">Whether a larger metric is better.</param>
/// <param name="Factor">What the rates are multiplied by; in [0, 1).</param>
/// <param name="Patience">How many epochs without improvement are put up with; at least 0.</param>
/// <param name="Threshold">What counts as an improvement; at least 0.</param>
/// <param name="Relative">Whether the threshold is a fraction of the best metric, or a difference.</param>
/// <param name="Cooldown">How many epochs after a reduction are not counted; at least 0.</param>
/// <param name="MinLr">The least rate; at least 0.</param>
/// <param name="Eps">The least change of a rate that is made; at least 0.</param>
public sealed record ReduceLrOnPlateauOptions(
    bool Maximize = false, double Factor = 0.1, int Patience = 10, double Threshold = 1e-4, bool Relative = true, int Cooldown = 0,
    double MinLr = 0, double Eps = 1e-8);
