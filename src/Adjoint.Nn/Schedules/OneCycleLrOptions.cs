namespace Adjoint.Optim;

/// <summary>The options of <see cref="OneCycleLR"/>.</summary>
/// <param name="MaxLr">The largest rate: one for all groups, or one for each; above 0.</param>
/// <param name="TotalSteps">How many steps the cycle has; at least 1.</param>
/// <param name="PctStart">The share of the steps in which the rate rises; in [0, 1].</param>
/// <param name="AnnealStrategy">How it rises and falls.</param>
/// <param name="CycleMomentum">Whether the momentum (β₁) falls while the rate rises, and back.</param>
/// <param name="BaseMomentum">The least momentum; in [0, 1).</param>
/// <param name="MaxMomentum">The largest momentum; in [0, 1).</param>
/// <param name="DivFactor">The first rate is the largest divided by this; above 0.</param>
/// <param name="FinalDivFactor">The last rate is the first divided by this; above 0.</param>
/// <param name="ThreePhase">Whether the rate falls to its first value as it rose, and only then to the last one.</param>
public sealed record OneCycleLrOptions(
    IReadOnlyList<double> MaxLr, int TotalSteps, double PctStart = 0.3, AnnealStrategy AnnealStrategy = AnnealStrategy.Cos,
    bool CycleMomentum = true, double BaseMomentum = 0.85, double MaxMomentum = 0.95, double DivFactor = 25, double FinalDivFactor = 1e4,
    bool ThreePhase = false)
{
    /// <summary>The largest rate: one for all groups, or one for each; above 0.</summary>
    public IReadOnlyList<double> MaxLr { get; init; } = MaxLr.Given();
}
