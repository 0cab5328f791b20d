namespace Adjoint.Optim;

/// <summary>The options of <see cref="CosineAnnealingLR"/>.</summary>
/// <param name="TMax">The epoch of the least rate; at least 1.</param>
/// <param name="EtaMin">The least rate; at least 0.</param>
public sealed record CosineAnnealingLrOptions([property: OptionName("T_max")] int TMax, double EtaMin = 0);
