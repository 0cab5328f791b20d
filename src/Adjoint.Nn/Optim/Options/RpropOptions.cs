namespace Adjoint.Optim;

/// <summary>The options of <see cref="Rprop"/>.</summary>
/// <param name="Lr">The first step of each number; at least 0.</param>
/// <param name="EtaMinus">η⁻: the factor of a step whose gradient changed its sign; in (0, 1).</param>
/// <param name="EtaPlus">η⁺: the factor of a step whose gradient kept it; above 1.</param>
/// <param name="StepSizeMin">The smallest step; at least 0.</param>
/// <param name="StepSizeMax">The largest step; at least 0.</param>
/// <param name="Maximize">Steps along the gradient instead of against it.</param>
public sealed record RpropOptions(
    double Lr = 1e-2, double EtaMinus = 0.5, double EtaPlus = 1.2, double StepSizeMin = 1e-6, double StepSizeMax = 50,
    bool Maximize = false);
