namespace Adjoint;

/// <summary>A derivative found from values of the function alone.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Error">An estimate of how far off it may be.</param>
/// <param name="Step">The distance h between the points that gave it.</param>
/// <param name="Evaluations">How often the function was evaluated.</param>
public readonly record struct NumericDerivative(double Value, double Error, double Step, int Evaluations);
