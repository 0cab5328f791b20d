namespace Adjoint;

/// <summary>A gradient found from values of the function alone.</summary>
/// <param name="Values">The estimates.</param>
/// <param name="Errors">For each, an estimate of how far off it may be.</param>
/// <param name="Evaluations">How often the function was evaluated: in proportion to the number of arguments.</param>
public sealed record NumericGradient(double[] Values, double[] Errors, int Evaluations);
