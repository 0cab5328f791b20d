namespace Adjoint.Nn;

/// <summary>What PyTorch has in <c>torch.nn.functional</c> and tensors have as methods.</summary>
public static partial class F
{
    /// <summary>The tensor with more or fewer places at the ends of its last dimensions: <see cref="Tensor.Pad"/>.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="pad">How many places before and after the last dimension, then the one before it, and so on; negative ones take
    /// away.</param>
    /// <param name="mode">What the places hold.</param>
    /// <param name="value">The number of constant places; by default 0.</param>
    /// <exception cref="ShapeException">The tensor has too few dimensions or places.</exception>
    public static Tensor Pad(Tensor input, ReadOnlySpan<int> pad, PadMode mode = PadMode.Constant, Number? value = null) =>
        input.Given().Pad(pad, mode, value);

    /// <summary>x/max(‖x‖, ε) along a dimension: <see cref="Tensor.Normalize"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="p">Which norm; any number.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="eps">ε: the least norm that is divided by.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor Normalize(Tensor input, double p = 2, int dim = 1, double eps = 1e-12) => input.Given().Normalize(p, dim, eps);

    /// <summary>Rows of zeros with a one at the numbers: <see cref="Tensor.OneHot"/>.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="numClasses">How long the rows are; at least 1, or −1 for as long as is needed.</param>
    /// <exception cref="DTypeException">The tensor is not of integers.</exception>
    public static Tensor OneHot(Tensor input, int numClasses = -1) => input.Given().OneHot(numClasses);

    /// <summary>A softmax of what was made noisy: <see cref="Tensor.GumbelSoftmax"/>.</summary>
    /// <param name="logits">The tensor.</param>
    /// <param name="tau">The temperature; above 0.</param>
    /// <param name="hard">Whether the result is one-hot, with the gradient of the soft one.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="generator">Where the noise is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor GumbelSoftmax(
        Tensor logits, double tau = 1, bool hard = false, int dim = -1, Generator? generator = null) =>
        logits.Given().GumbelSoftmax(tau, hard, dim, generator);

    /// <summary>The distances of the rows from each other: <see cref="Tensor.PDist"/>.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="p">Which norm; at least 0.</param>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public static Tensor PDist(Tensor input, double p = 2) => input.Given().PDist(p);

    /// <summary>Channels spread over larger images: <see cref="Tensor.PixelShuffle"/>.</summary>
    /// <param name="input">The images.</param>
    /// <param name="upscaleFactor">How much larger the images become; at least 1.</param>
    /// <exception cref="ShapeException">The channels do not divide.</exception>
    public static Tensor PixelShuffle(Tensor input, int upscaleFactor) => input.Given().PixelShuffle(upscaleFactor);

    /// <summary>Images gathered into more channels: <see cref="Tensor.PixelUnshuffle"/>.</summary>
    /// <param name="input">The images.</param>
    /// <param name="downscaleFactor">How much smaller the images become; at least 1.</param>
    /// <exception cref="ShapeException">The sizes do not divide.</exception>
    public static Tensor PixelUnshuffle(Tensor input, int downscaleFactor) => input.Given().PixelUnshuffle(downscaleFactor);

    /// <summary>The channels of groups mixed: <see cref="Tensor.ChannelShuffle"/>.</summary>
    /// <param name="input">The images.</param>
    /// <param name="groups">How many groups there are; at least 1.</param>
    /// <exception cref="ShapeException">The channels do not divide.</exception>
    public static Tensor ChannelShuffle(Tensor input, int groups) => input.Given().ChannelShuffle(groups);

    /// <summary>x for x &gt; 0, otherwise w·x with a w for all or for each channel: <see cref="Tensor.Prelu"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="weight">w: one number, or one for each channel.</param>
    /// <exception cref="ShapeException">There are neither one w nor as many as channels.</exception>
    public static Tensor Prelu(Tensor input, Tensor weight) => input.Given().Prelu(weight.Given());

    /// <summary>x for x &gt; 0, otherwise a·x with an a that is drawn when training: <see cref="Tensor.Rrelu"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="lower">The least a; any finite number.</param>
    /// <param name="upper">The largest a; any finite number.</param>
    /// <param name="training">Whether the a are drawn.</param>
    /// <param name="inplace">Whether the input itself is changed, and given back.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">lower is above upper, or one is not finite.</exception>
    public static Tensor Rrelu(
        Tensor input, double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false, bool inplace = false,
        Generator? generator = null) => inplace
        ? input.Given().RreluInPlace(lower, upper, training, generator) : input.Given().Rrelu(lower, upper, training, generator);
}
