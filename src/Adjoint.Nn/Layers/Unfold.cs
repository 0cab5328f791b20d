namespace Adjoint.Nn;

/// <summary>What a kernel meets at each of its places in images, as columns: [N, C, H, W] → [N, C·taps, places].</summary>
/// <remarks>A single image [C, H, W] too. A convolution is the product of its weight [O, C·taps] with these columns.</remarks>
public sealed class Unfold : Module
{
    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">The taps of the kernel along height and width; at least 1.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="padding">Zeros at both ends; at least 0, and 0 by default.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    public Unfold(Sizes kernelSize, Sizes dilation = default, Sizes padding = default, Sizes stride = default)
    {
        KernelSize = PatchOptions.Given("Unfold", nameof(kernelSize), kernelSize, 1);
        Dilation = PatchOptions.Checked("Unfold", nameof(dilation), dilation, 1, 1);
        Padding = PatchOptions.Checked("Unfold", nameof(padding), padding, 0, 0);
        Stride = PatchOptions.Checked("Unfold", nameof(stride), stride, 1, 1);
    }

    /// <summary>The taps of the kernel; at least 1.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart they are; at least 1.</summary>
    public Sizes Dilation { get; }

    /// <summary>Zeros at both ends; at least 0.</summary>
    public Sizes Padding { get; }

    /// <summary>How far the kernel moves; at least 1.</summary>
    public Sizes Stride { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Patches.ToColumns(input, KernelSize, Dilation, Padding, Stride);

    /// <inheritdoc/>
    protected override string ExtraText => $"kernel_size={KernelSize}, dilation={Dilation}, padding={Padding}, stride={Stride}";
}

/// <summary>Checks of what <see cref="Unfold"/> and <see cref="Fold"/> are told; it stays as it was said.</summary>
internal static class PatchOptions
{
    internal static Sizes Checked(string operation, string name, Sizes sizes, int least, int otherwise)
    {
        sizes.For(operation, name, 2, least, otherwise);
        return sizes.Count == 0 ? otherwise : sizes;
    }

    internal static Sizes Given(string operation, string name, Sizes sizes, int least) => sizes.Count > 0
        ? Checked(operation, name, sizes, least, least)
        : throw new ArgumentOutOfRangeException(name, $"{operation}: {name} must be given.");
}

public static partial class F
{
    /// <summary>y[n, c·taps + k, l] = x[n, c, l·stride + k·dilation − padding]: what a kernel meets, as columns.</summary>
    /// <param name="input">x [N, C, H, W], or [C, H, W].</param>
    /// <param name="kernelSize">The taps of the kernel along height and width; at least 1.</param>
    /// <param name="dilation">How far apart the taps are; at least 1, and 1 by default.</param>
    /// <param name="padding">Zeros at both ends; at least 0, and 0 by default.</param>
    /// <param name="stride">How far the kernel moves; at least 1, and 1 by default.</param>
    /// <returns>y [N, C·taps, places], or without N.</returns>
    /// <exception cref="ShapeException">The input is no image, or the kernel is larger than the padded image.</exception>
    public static Tensor Unfold(
        Tensor input, Sizes kernelSize, Sizes dilation = default, Sizes padding = default, Sizes stride = default)
    {
        input.Given();
        return Patches.ToColumns(input, PatchOptions.Given("Unfold", nameof(kernelSize), kernelSize, 1), dilation, padding, stride);
    }
}
