namespace Adjoint.Nn;

/// <summary>A convolution of images: y[n, o, l] = b[o] + Σ w[o, c, k]·x[n, c, l·stride + k·dilation − padding].</summary>
/// <remarks>
/// [N, C, H, W] → [N, O, H′, W′], or a single example [C, H, W]. Each size becomes
/// ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
/// As PyTorch's <c>Conv2d</c>, with its initial numbers for the same seed.
/// </remarks>
/// <example><code>
/// Rng.ManualSeed(0);
/// var layer = new Conv2d(3, 8, 3, stride: 2, padding: 1);
/// Shape shape = layer.Call(Tensor.Randn([4, 3, 9, 9])).Shape;      // [4, 8, 5, 5]
/// </code></example>
public class Conv2d : ConvNd
{
    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="inChannels">The channels of the input; at least 0.</param>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">The padding at both ends of each dimension, at least 0; "same" or "valid"; by default 0.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="paddingMode">What the padding holds: zeros (Constant), or what <see cref="Tensor.Pad"/> makes of the input.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or "same" goes with another stride than 1.</exception>
    public Conv2d(
        int inChannels, int outChannels, Sizes kernelSize, Sizes stride = default, ConvPadding padding = default, Sizes dilation = default,
        int groups = 1, bool bias = true, PadMode paddingMode = PadMode.Constant, DType dtype = DType.Float32, Generator? generator = null)
        : base(2, false, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, dtype, generator)
    {
    }

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor input)
    {
        (Tensor padded, ConvPadding padding) = Padded(input);
        return F.Conv2d(padded, Weight, Bias, Stride, padding, Dilation, Groups);
    }
}

public static partial class F
{
    /// <summary>y[n, o, l] = b[o] + Σ w[o, c, k]·x[n, c, l·stride + k·dilation − padding]: a convolution over height and width.</summary>
    /// <param name="input">x [N, C, H, W], or [C, H, W].</param>
    /// <param name="weight">w [O, C/groups, KH, KW].</param>
    /// <param name="bias">b [O], or null for none.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Zeros at both ends of each dimension, at least 0; "same" or "valid"; by default 0.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; at least 1.</param>
    /// <returns>y [N, O, H′, W′], or without N.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or the kernel is larger than the padded input.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are Bool.</exception>
    /// <exception cref="ArgumentException">A number is out of range, there are too many of them, or the padding is "same" and the stride
    /// not
    /// 1.</exception>
    public static Tensor Conv2d(
        Tensor input, Tensor weight, Tensor? bias = null, Sizes stride = default, ConvPadding padding = default, Sizes dilation = default,
        int groups = 1) =>
        Convolutions.Of("Conv2d", 2, input.Given(), weight.Given(), bias, stride, padding, dilation, groups);
}
