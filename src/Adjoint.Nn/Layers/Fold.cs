namespace Adjoint.Nn;

/// <summary>Columns of patches added up at their places in images: [N, C·taps, places] → [N, C, H, W].</summary>
/// <remarks>Columns [C·taps, places] of a single image too. It is the transpose of <see cref="Unfold"/>.</remarks>
public sealed class Fold : Module
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">Height and width of the images; at least 0.</param>
    /// <param name="kernelSize">The taps of the kernel along height and width; at least 1.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="padding">Zeros at both ends; at least 0, and 0 by default.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    public Fold(Sizes outputSize, Sizes kernelSize, Sizes dilation = default, Sizes padding = default, Sizes stride = default)
    {
        OutputSize = PatchOptions.Given("Fold", nameof(outputSize), outputSize, 0);
        KernelSize = PatchOptions.Given("Fold", nameof(kernelSize), kernelSize, 1);
        Dilation = PatchOptions.Checked("Fold", nameof(dilation), dilation, 1, 1);
        Padding = PatchOptions.Checked("Fold", nameof(padding), padding, 0, 0);
        Stride = PatchOptions.Checked("Fold", nameof(stride), stride, 1, 1);
    }

    /// <summary>Height and width of the images; at least 0.</summary>
    public Sizes OutputSize { get; }

    /// <summary>The taps of the kernel; at least 1.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart they are; at least 1.</summary>
    public Sizes Dilation { get; }

    /// <summary>Zeros at both ends; at least 0.</summary>
    public Sizes Padding { get; }

    /// <summary>How far the kernel moves; at least 1.</summary>
    public Sizes Stride { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.Fold(input, OutputSize, KernelSize, Dilation, Padding, Stride);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"output_size={OutputSize}, kernel_size={KernelSize}, dilation={Dilation}, padding={Padding}, stride={Stride}";
}

public static partial class F
{
    /// <summary>y[n, c, i] = Σ x[n, c·taps + k, l] over all i = l·stride + k·dilation − padding: the transpose of Unfold.</summary>
    /// <param name="input">x [N, C·taps, places], or without N.</param>
    /// <param name="outputSize">Height and width of the images; at least 0.</param>
    /// <param name="kernelSize">The taps of the kernel along height and width; at least 1.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="padding">Zeros at both ends; at least 0, and 0 by default.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <returns>y [N, C, H, W], or without N.</returns>
    /// <exception cref="ShapeException">The columns do not fit: C·taps or their number.</exception>
    /// <exception cref="DTypeException">They are Bool.</exception>
    public static Tensor Fold(
        Tensor input, Sizes outputSize, Sizes kernelSize, Sizes dilation = default, Sizes padding = default, Sizes stride = default)
    {
        input.Given();
        Sizes size = PatchOptions.Given("Fold", nameof(outputSize), outputSize, 0);
        return Patches.OfColumns(input, size, PatchOptions.Given("Fold", nameof(kernelSize), kernelSize, 1), dilation, padding, stride);
    }
}
