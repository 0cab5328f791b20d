namespace Adjoint.Nn;

/// <summary>The mean of each window: PyTorch's AvgPool1d, AvgPool2d and AvgPool3d.</summary>
public abstract class AvgPool : Module
{
    private readonly int _dims;

    private protected AvgPool(
        int dims, Sizes kernelSize, Sizes stride, Sizes padding, bool ceilMode, bool countIncludePad, int? divisorOverride)
    {
        string name = $"AvgPool{dims}d";
        int[] kernel = kernelSize.Over(dims, 1, name, nameof(kernelSize));
        stride.Or(kernelSize).Over(dims, 1, name, nameof(stride));
        Window.CheckPadding(name, padding.Or(0).Over(dims, 0, name, nameof(padding)), kernel);
        divisorOverride?.AtLeast(1, nameof(divisorOverride));
        (_dims, KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride) =
            (dims, kernelSize, stride.Or(kernelSize), padding.Or(0), ceilMode, countIncludePad, divisorOverride);
    }

    /// <summary>How large a window is.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart windows begin.</summary>
    public Sizes Stride { get; }

    /// <summary>How far windows reach beyond the edges.</summary>
    public Sizes Padding { get; }

    /// <summary>Whether a last window that reaches further beyond the edge is one too.</summary>
    public bool CeilMode { get; }

    /// <summary>Whether zeros beyond the edges count in the mean.</summary>
    public bool CountIncludePad { get; }

    /// <summary>What sums are divided by instead of the number of elements, or null.</summary>
    public int? DivisorOverride { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Adjoint.AvgPool.Of(
        $"AvgPool{_dims}d", input, _dims, KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride);

    /// <inheritdoc/>
    protected override string ExtraText => $"kernel_size={Text(KernelSize)}, stride={Text(Stride)}, padding={Text(Padding)}";

    private string Text(Sizes sizes) => _dims == 1 ? $"({sizes[0]},)" : sizes.ToString();
}

/// <summary>The mean of each window of inputs [N, C, L] or [C, L].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class AvgPool1d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false, bool countIncludePad = true)
    : AvgPool(1, kernelSize, stride, padding, ceilMode, countIncludePad, null);

/// <summary>The mean of each window of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
/// <param name="divisorOverride">What sums are divided by instead of the number of elements; at least 1.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class AvgPool2d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false, bool countIncludePad = true,
    int? divisorOverride = null)
    : AvgPool(2, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);

/// <summary>The mean of each window of inputs [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
/// <param name="divisorOverride">What sums are divided by instead of the number of elements; at least 1.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class AvgPool3d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false, bool countIncludePad = true,
    int? divisorOverride = null)
    : AvgPool(3, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);

public static partial class F
{
    /// <summary>The mean of each window in one dimension.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor AvgPool1d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false,
        bool countIncludePad = true) =>
        Adjoint.AvgPool.Of(
            nameof(AvgPool1d), input.Given(), 1, kernelSize, stride, padding, ceilMode, countIncludePad, null);

    /// <summary>The mean of each window in two dimensions.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
    /// <param name="divisorOverride">What sums are divided by instead of the number of elements; at least 1.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor AvgPool2d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false,
        bool countIncludePad = true, int? divisorOverride = null) =>
        Adjoint.AvgPool.Of(
            nameof(AvgPool2d), input.Given(), 2, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);

    /// <summary>The mean of each window in three dimensions.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <param name="countIncludePad">Whether zeros beyond the edges count in the mean.</param>
    /// <param name="divisorOverride">What sums are divided by instead of the number of elements; at least 1.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor AvgPool3d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, bool ceilMode = false,
        bool countIncludePad = true, int? divisorOverride = null) =>
        Adjoint.AvgPool.Of(
            nameof(AvgPool3d), input.Given(), 3, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
}
