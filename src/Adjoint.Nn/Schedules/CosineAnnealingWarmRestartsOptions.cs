namespace Adjoint.Optim;

/// <summary>The options of <see cref="CosineAnnealingWarmRestarts"/>.</summary>
/// <param name="T0">The epochs of the first cosine; at least 1.</param>
/// <param name="TMult">How many times as long each is as the one before; at least 1.</param>
/// <param name="EtaMin">The least rate; at least 0.</param>
public sealed record CosineAnnealingWarmRestartsOptions(
    [property: OptionName("T_0")] int T0, [property: OptionName("T_mult")] int TMult = 1, double EtaMin = 0);
