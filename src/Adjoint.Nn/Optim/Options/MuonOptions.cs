namespace Adjoint.Optim;

/// <summary>How the rate of <see cref="Muon"/> depends on the shape of a matrix.</summary>
public enum MuonRate
{
    /// <summary>√max(1, rows/columns) times the rate: Jordan et al. 2024.</summary>
    Original,

    /// <summary>0.2·√max(rows, columns) times the rate, so that rates of <see cref="AdamW"/> suit: Liu et al. 2025.</summary>
    MatchRmsAdamw,
}

/// <summary>The options of <see cref="Muon"/>.</summary>
/// <param name="Lr">The learning rate; at least 0.</param>
/// <param name="WeightDecay">How fast parameters decay by themselves, times the rate; at least 0.</param>
/// <param name="Momentum">μ: how much of the mean of the gradients is kept; in [0, 1).</param>
/// <param name="Nesterov">Looks ahead along the momentum.</param>
/// <param name="Eps">The least norm that is divided by; above 0.</param>
/// <param name="NsSteps">How many steps of Newton and Schulz; in [1, 99].</param>
/// <param name="AdjustLrFn">How the rate depends on the shape of a matrix.</param>
public sealed record MuonOptions(
    double Lr = 1e-3, double WeightDecay = 0.1, double Momentum = 0.95, bool Nesterov = true, double Eps = 1e-7, int NsSteps = 5,
    MuonRate AdjustLrFn = MuonRate.Original)
{
    /// <summary>The coefficients a, b and c of a step of Newton and Schulz.</summary>
    public IReadOnlyList<double> NsCoefficients { get; init => field = value.Given(); } = [3.4445, -4.7750, 2.0315];
}
