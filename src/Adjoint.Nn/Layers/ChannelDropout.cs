namespace Adjoint.Nn;

/// <summary>
/// Dropout of a kind: while training sets what is drawn to zero, or to what zero stands for; otherwise passes its input on.
/// </summary>
public abstract class DropoutLayer : Module
{
    private protected DropoutLayer(double p, bool inplace, Generator? generator) =>
        (P, IsInPlace, Generator) = (p.In(Interval.Unit), inplace, generator);

    /// <summary>The probability of zero; in [0, 1].</summary>
    public double P { get; }

    private protected bool IsInPlace { get; }

    private protected Generator? Generator { get; }

    /// <inheritdoc/>
    protected override string ExtraText => $"p={PythonText.Of(P)}, inplace={PythonText.Of(IsInPlace)}";
}

/// <summary>While training, sets whole channels of inputs [N, C, L] or [C, L] to zero (Tompson et al. 2015).</summary>
/// <param name="p">The probability of zero; in [0, 1].</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
public sealed class Dropout1d(double p = 0.5, bool inplace = false, Generator? generator = null)
    : DropoutLayer(p, inplace, generator)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.Dropout1d(input, P, Training, IsInPlace, Generator);
}

/// <summary>While training, sets whole channels of inputs [N, C, H, W] to zero (Tompson et al. 2015).</summary>
/// <param name="p">The probability of zero; in [0, 1].</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
public sealed class Dropout2d(double p = 0.5, bool inplace = false, Generator? generator = null)
    : DropoutLayer(p, inplace, generator)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.Dropout2d(input, P, Training, IsInPlace, Generator);
}

/// <summary>While training, sets whole channels of inputs [N, C, D, H, W] or [C, D, H, W] to zero (Tompson et al. 2015).</summary>
/// <param name="p">The probability of zero; in [0, 1].</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
public sealed class Dropout3d(double p = 0.5, bool inplace = false, Generator? generator = null)
    : DropoutLayer(p, inplace, generator)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.Dropout3d(input, P, Training, IsInPlace, Generator);
}

/// <summary>
/// While training, sets elements to what SELU makes of −∞, and scales so that mean and variance stay (Klambauer et al. 2017).
/// </summary>
/// <param name="p">The probability of it; in [0, 1].</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
public sealed class AlphaDropout(double p = 0.5, bool inplace = false, Generator? generator = null)
    : DropoutLayer(p, inplace, generator)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.AlphaDropout(input, P, Training, IsInPlace, Generator);
}

/// <summary>As <see cref="AlphaDropout"/>, for whole channels.</summary>
/// <param name="p">The probability of it; in [0, 1].</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where masks are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
public sealed class FeatureAlphaDropout(double p = 0.5, bool inplace = false, Generator? generator = null)
    : DropoutLayer(p, inplace, generator)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.FeatureAlphaDropout(input, P, Training, IsInPlace, Generator);
}

public static partial class F
{
    /// <summary>Whole channels are 0 with probability p, and the rest divided by 1 − p; the input itself when not training.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="p">The probability of zero; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <exception cref="ShapeException">The input has another number of dimensions.</exception>
    public static Tensor Dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false, Generator? generator = null) =>
        ChannelDropout.Apply(nameof(Dropout1d), input.Given(), 2, 3, p.In(Interval.Unit), training, inplace, generator);

    /// <summary>Whole channels are 0 with probability p, and the rest divided by 1 − p; the input itself when not training.</summary>
    /// <param name="input">[N, C, H, W]; as PyTorch takes it, [N, C, L] as well.</param>
    /// <param name="p">The probability of zero; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <exception cref="ShapeException">The input has another number of dimensions.</exception>
    public static Tensor Dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false, Generator? generator = null) =>
        ChannelDropout.Apply(nameof(Dropout2d), input.Given(), null, 4, p.In(Interval.Unit), training, inplace, generator);

    /// <summary>Whole channels are 0 with probability p, and the rest divided by 1 − p; the input itself when not training.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="p">The probability of zero; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <exception cref="ShapeException">The input has another number of dimensions.</exception>
    public static Tensor Dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false, Generator? generator = null) =>
        ChannelDropout.Apply(nameof(Dropout3d), input.Given(), 4, 5, p.In(Interval.Unit), training, inplace, generator);

    /// <summary>
    /// Elements are −λα with probability p, where SELU saturates, and then scaled and shifted so that mean and variance stay; the input
    /// itself when not training.
    /// </summary>
    /// <param name="input">x.</param>
    /// <param name="p">The probability; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static Tensor AlphaDropout(
        Tensor input, double p = 0.5, bool training = false, bool inplace = false, Generator? generator = null) =>
        ChannelDropout.Alpha(nameof(AlphaDropout), input.Given(), input.Given().Shape, p.In(Interval.Unit), training, inplace, generator);

    /// <summary>As <see cref="AlphaDropout"/>, for whole channels.</summary>
    /// <param name="input">[N, C, …].</param>
    /// <param name="p">The probability; in [0, 1].</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <exception cref="ShapeException">The input has fewer than two dimensions.</exception>
    public static Tensor FeatureAlphaDropout(
        Tensor input, double p = 0.5, bool training = false, bool inplace = false, Generator? generator = null) =>
        ChannelDropout.Alpha(
            nameof(FeatureAlphaDropout), input.Given(), ChannelDropout.Channels(nameof(FeatureAlphaDropout), input), p.In(Interval.Unit),
            training, inplace, generator);
}
