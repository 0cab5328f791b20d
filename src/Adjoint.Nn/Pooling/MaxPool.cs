namespace Adjoint.Nn;

/// <summary>The largest element of each window: PyTorch's MaxPool1d, MaxPool2d and MaxPool3d.</summary>
public abstract class MaxPool : Module
{
    private readonly int _dims;

    private protected MaxPool(int dims, Sizes kernelSize, Sizes stride, Sizes padding, Sizes dilation, bool ceilMode)
    {
        string name = $"MaxPool{dims}d";
        int[] kernel = kernelSize.Over(dims, 1, name, nameof(kernelSize));
        stride.Or(kernelSize).Over(dims, 1, name, nameof(stride));
        Window.CheckPadding(name, padding.Or(0).Over(dims, 0, name, nameof(padding)), kernel);
        dilation.Or(1).Over(dims, 1, name, nameof(dilation));
        (_dims, KernelSize, Stride, Padding, Dilation, CeilMode) =
            (dims, kernelSize, stride.Or(kernelSize), padding.Or(0), dilation.Or(1), ceilMode);
    }

    /// <summary>How large a window is.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart windows begin.</summary>
    public Sizes Stride { get; }

    /// <summary>How far windows reach beyond the edges.</summary>
    public Sizes Padding { get; }

    /// <summary>How far apart the elements of a window are.</summary>
    public Sizes Dilation { get; }

    /// <summary>Whether a last window that reaches further beyond the edge is one too.</summary>
    public bool CeilMode { get; }

    /// <summary>The largest elements and where they are, for MaxUnpool: PyTorch's <c>return_indices</c>. Hooks see both.</summary>
    /// <param name="input">As for <see cref="Module.Call(Tensor)"/>.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    public (Tensor Values, Tensor Indices) WithIndices(Tensor input) => CallAs(x => Pooled(x[0]), input.Given());

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Pooled(input).Values;

    private (Tensor Values, Tensor Indices) Pooled(Tensor input) =>
        Adjoint.MaxPool.Of($"MaxPool{_dims}d", input, _dims, KernelSize, Stride, Padding, Dilation, CeilMode);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"kernel_size={KernelSize}, stride={Stride}, padding={Padding}, dilation={Dilation}, ceil_mode={PythonText.Of(CeilMode)}";
}

/// <summary>The largest element of each window of inputs [N, C, L] or [C, L].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="dilation">How far apart the elements of a window are.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxPool1d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default, bool ceilMode = false)
    : MaxPool(1, kernelSize, stride, padding, dilation, ceilMode);

/// <summary>The largest element of each window of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="dilation">How far apart the elements of a window are.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxPool2d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default, bool ceilMode = false)
    : MaxPool(2, kernelSize, stride, padding, dilation, ceilMode);

/// <summary>The largest element of each window of inputs [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
/// <param name="dilation">How far apart the elements of a window are.</param>
/// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxPool3d(
    Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default, bool ceilMode = false)
    : MaxPool(3, kernelSize, stride, padding, dilation, ceilMode);

public static partial class F
{
    /// <summary>The largest element of each window in one dimension; a NaN is larger than all.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="dilation">How far apart the elements of a window are.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor MaxPool1d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool1d), input.Given(), 1, kernelSize, stride, padding, dilation, ceilMode).Values;

    /// <summary>
    /// As <see cref="MaxPool1d"/>, and the number of each chosen element among those of its channel: <c>return_indices</c>.
    /// </summary>
    /// <inheritdoc cref="MaxPool1d"/>
    public static (Tensor Values, Tensor Indices) MaxPool1dWithIndices(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool1dWithIndices), input.Given(), 1, kernelSize, stride, padding, dilation, ceilMode);

    /// <summary>The largest element of each window in two dimensions; a NaN is larger than all.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="dilation">How far apart the elements of a window are.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    /// <example><code>
    /// Tensor x = Tensor.Arange(16, DType.Float32).Reshape(1, 4, 4);
    /// Tensor y = F.MaxPool2d(x, 2);                         // 5 7 | 13 15
    /// </code></example>
    public static Tensor MaxPool2d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool2d), input.Given(), 2, kernelSize, stride, padding, dilation, ceilMode).Values;

    /// <summary>
    /// As <see cref="MaxPool2d"/>, and the number of each chosen element among those of its channel: <c>return_indices</c>.
    /// </summary>
    /// <inheritdoc cref="MaxPool2d"/>
    public static (Tensor Values, Tensor Indices) MaxPool2dWithIndices(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool2dWithIndices), input.Given(), 2, kernelSize, stride, padding, dilation, ceilMode);

    /// <summary>The largest element of each window in three dimensions; a NaN is larger than all.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="padding">How far windows reach beyond the edges; at most half of the kernel size.</param>
    /// <param name="dilation">How far apart the elements of a window are.</param>
    /// <param name="ceilMode">Whether a last window that reaches further beyond the edge is one too.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor MaxPool3d(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool3d), input.Given(), 3, kernelSize, stride, padding, dilation, ceilMode).Values;

    /// <summary>
    /// As <see cref="MaxPool3d"/>, and the number of each chosen element among those of its channel: <c>return_indices</c>.
    /// </summary>
    /// <inheritdoc cref="MaxPool3d"/>
    public static (Tensor Values, Tensor Indices) MaxPool3dWithIndices(
        Tensor input, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Sizes dilation = default,
        bool ceilMode = false) =>
        Adjoint.MaxPool.Of(nameof(MaxPool3dWithIndices), input.Given(), 3, kernelSize, stride, padding, dilation, ceilMode);
}
