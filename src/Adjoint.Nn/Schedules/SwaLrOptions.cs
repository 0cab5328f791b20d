namespace Adjoint.Optim;

/// <summary>The options of <see cref="SWALR"/>.</summary>
/// <param name="SwaLr">The rate that is gone to: one for all groups, or one for each; at least 0.</param>
/// <param name="AnnealEpochs">In how many epochs; at least 0.</param>
/// <param name="AnnealStrategy">How.</param>
public sealed record SwaLrOptions(
    IReadOnlyList<double> SwaLr, int AnnealEpochs = 10, AnnealStrategy AnnealStrategy = AnnealStrategy.Cos)
{
    /// <summary>The rate that is gone to: one for all groups, or one for each; at least 0.</summary>
    public IReadOnlyList<double> SwaLr { get; init; } = SwaLr.Given();
}
