namespace Adjoint.Optim;

/// <summary>What becomes of the height of the cycles of <see cref="CyclicLR"/>.</summary>
public enum CyclicMode
{
    /// <summary>All are as high.</summary>
    Triangular,

    /// <summary>Each is half as high as the one before.</summary>
    Triangular2,

    /// <summary>The height is γ to the power of the step.</summary>
    ExpRange,
}

/// <summary>What the height of a cycle is a function of.</summary>
public enum CyclicScale
{
    /// <summary>The number of the cycle, from 1.</summary>
    Cycle,

    /// <summary>The number of the step, from 0.</summary>
    Iterations,
}

/// <summary>The options of <see cref="CyclicLR"/>.</summary>
/// <param name="BaseLr">The least rate: one for all groups, or one for each; at least 0.</param>
/// <param name="MaxLr">The largest rate of the first cycle: one for all groups, or one for each; at least 0.</param>
/// <param name="StepSizeUp">The steps in which the rate rises; at least 1.</param>
/// <param name="StepSizeDown">The steps in which it falls; at least 0, where 0 is as many as it rises.</param>
/// <param name="Mode">What becomes of the height of the cycles.</param>
/// <param name="Gamma">γ of <see cref="CyclicMode.ExpRange"/>; at least 0.</param>
/// <param name="ScaleMode">What a function of one's own for the height is given.</param>
/// <param name="CycleMomentum">Whether the momentum (β₁) falls while the rate rises, and back.</param>
/// <param name="BaseMomentum">The least momentum of the first cycle; in [0, 1).</param>
/// <param name="MaxMomentum">The largest momentum; in [0, 1).</param>
public sealed record CyclicLrOptions(
    IReadOnlyList<double> BaseLr, IReadOnlyList<double> MaxLr, int StepSizeUp = 2000, int StepSizeDown = 0,
    CyclicMode Mode = CyclicMode.Triangular, double Gamma = 1, CyclicScale ScaleMode = CyclicScale.Cycle, bool CycleMomentum = true,
    double BaseMomentum = 0.8, double MaxMomentum = 0.9)
{
    /// <summary>The least rate: one for all groups, or one for each; at least 0.</summary>
    public IReadOnlyList<double> BaseLr { get; init; } = BaseLr.Given();

    /// <summary>The largest rate of the first cycle: one for all groups, or one for each; at least 0.</summary>
    public IReadOnlyList<double> MaxLr { get; init; } = MaxLr.Given();
}
