namespace Adjoint.Nn;

/// <summary>x/(k + α·mean x²)^β, the mean over neighbouring channels of inputs [N, C, …] (Krizhevsky et al. 2012).</summary>
/// <param name="size">How many channels the mean is over; at least 1.</param>
/// <param name="alpha">α; any number, NaN too.</param>
/// <param name="beta">β; any number, NaN too.</param>
/// <param name="k">k; any number, NaN too.</param>
/// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
public sealed class LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1) : Module
{
    private readonly int _size = size.AtLeast(1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.LocalResponseNorm(input, _size, alpha, beta, k);

    /// <inheritdoc/>
    protected override string ExtraText => $"{_size}, alpha={PythonText.Of(alpha)}, beta={PythonText.Of(beta)}, k={PythonText.Of(k)}";
}

public static partial class F
{
    /// <summary>x/(k + α·mean x²)^β, the mean over neighbouring channels; beyond the first and the last there are zeros.</summary>
    /// <param name="input">[N, C, …].</param>
    /// <param name="size">How many channels the mean is over; at least 1.</param>
    /// <param name="alpha">α; any number, NaN too.</param>
    /// <param name="beta">β; any number, NaN too.</param>
    /// <param name="k">k; any number, NaN too.</param>
    /// <exception cref="ShapeException">The input has fewer than 3 dimensions.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static Tensor LocalResponseNorm(Tensor input, int size, double alpha = 1e-4, double beta = 0.75, double k = 1) =>
        LocalResponseNormalization.Of(nameof(LocalResponseNorm), input.Given(), size.AtLeast(1), alpha, beta, k);
}
