namespace Adjoint.Nn;

/// <summary>
/// A transposed convolution of images:
/// y[n, o, i] = b[o] + Σ w[c, o, k]·x[n, c, l] over all i = l·stride + k·dilation − padding.
/// </summary>
/// <remarks>
/// [N, C, H, W] → [N, O, H′, W′], or a single example [C, H, W]. Each size becomes
/// (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. It is
/// the gradient of a convolution with respect to its input, not its inverse.
/// As PyTorch's <c>ConvTranspose2d</c>, with its initial numbers for the same seed.
/// </remarks>
/// <example><code>
/// Rng.ManualSeed(0);
/// var layer = new ConvTranspose2d(8, 3, 3, stride: 2, padding: 1, outputPadding: 1);
/// Shape shape = layer.Call(Tensor.Randn([4, 8, 5, 5])).Shape;      // [4, 3, 10, 10]
/// </code></example>
public class ConvTranspose2d : ConvNd
{
    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="inChannels">The channels of the input; at least 0.</param>
    /// <param name="outChannels">The channels of the output; at least 1.</param>
    /// <param name="kernelSize">The taps of the kernel along each dimension; at least 1.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Places taken away at both ends of each dimension; at least 0, and 0 by default.</param>
    /// <param name="outputPadding">Places added at the end; at least 0, below stride or dilation, and 0 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; divides both numbers of channels; at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public ConvTranspose2d(
        int inChannels, int outChannels, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes outputPadding = default,
        int groups = 1, bool bias = true, Sizes dilation = default, DType dtype = DType.Float32, Generator? generator = null)
        : base(
            2, true, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, PadMode.Constant, dtype, generator)
    {
        OutputPadding = outputPadding.For("ConvTranspose2d", nameof(outputPadding), 2, 0, 0);
    }

    /// <summary>Places added at the end of each dimension; at least 0.</summary>
    public Sizes OutputPadding { get; }

    /// <summary>The output of a size, where several inputs of a convolution make one: PyTorch's output_size.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outputSize">The size of each spatial dimension, or of all dimensions, as it is to be.</param>
    /// <exception cref="ShapeException">The output cannot have the size, or the input does not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor To(Tensor input, Shape outputSize)
    {
        outputSize.Given();
        return CallAs(
            x => F.ConvTranspose2d(Seen(x[0]), Weight, Bias, Stride, Padding.Sizes, PaddingFor(x[0], outputSize), Groups, Dilation),
            input.Given());
    }

    private protected override string FurtherText =>
        OutputPadding.Any(p => p != 0) ? $", output_padding={Tuple(OutputPadding)}" : "";

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor input) =>
        F.ConvTranspose2d(Seen(input), Weight, Bias, Stride, Padding.Sizes, OutputPadding, Groups, Dilation);
}

public static partial class F
{
    /// <summary>
    /// y[n, o, i] = b[o] + Σ w[c, o, k]·x[n, c, l] over all i = l·stride + k·dilation − padding:
    /// a transposed convolution.
    /// </summary>
    /// <param name="input">x [N, C, H, W], or [C, H, W].</param>
    /// <param name="weight">w [C, O/groups, KH, KW].</param>
    /// <param name="bias">b [O], or null for none.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <param name="padding">Places taken away at both ends of each dimension; at least 0, and 0 by default.</param>
    /// <param name="outputPadding">Places added at the end; at least 0, below stride or dilation, and 0 by default.</param>
    /// <param name="groups">In how many groups the channels are cut; at least 1.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <returns>y [N, O, H′, W′], or without N.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or nothing would be left.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are Bool.</exception>
    public static Tensor ConvTranspose2d(
        Tensor input, Tensor weight, Tensor? bias = null, Sizes stride = default, Sizes padding = default, Sizes outputPadding = default,
        int groups = 1, Sizes dilation = default) =>
        Convolutions.OfTransposed(
            "ConvTranspose2d", 2, input.Given(), weight.Given(), bias, stride, padding, outputPadding, groups, dilation);
}
