namespace Adjoint.Nn;

/// <summary>
/// While training, sets elements to zero with probability p and divides the rest by 1 − p; otherwise passes its input on.
/// </summary>
public sealed class Dropout : Module
{
    private readonly bool _inplace;
    private readonly Generator? _generator;

    /// <summary>Makes the layer.</summary>
    /// <param name="p">The probability of zero; in [0, 1].</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public Dropout(double p = 0.5, bool inplace = false, Generator? generator = null)
    {
        P = p.In(Interval.Unit);
        (_inplace, _generator) = (inplace, generator);
    }

    /// <summary>The probability of zero; in [0, 1].</summary>
    public double P { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.Dropout(input, P, Training, _inplace, _generator);

    /// <inheritdoc/>
    protected override string ExtraText => $"p={PythonText.Of(P)}, inplace={PythonText.Of(_inplace)}";
}

public static partial class F
{
    /// <summary>Zeros with probability p, and the rest divided by 1 − p; the input itself when not training.</summary>
    /// <param name="input">x.</param>
    /// <param name="p">The probability of zero; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static Tensor Dropout(
        Tensor input, double p = 0.5, bool training = true, bool inplace = false, Generator? generator = null) =>
        inplace && training ? input.Given().DropoutInPlace(p, training, generator) : input.Given().Dropout(p, training, generator);
}
