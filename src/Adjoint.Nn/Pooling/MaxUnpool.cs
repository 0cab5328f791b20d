namespace Adjoint.Nn;

/// <summary>Puts the elements of a pool back where they were, among zeros: PyTorch's MaxUnpool1d, MaxUnpool2d and MaxUnpool3d.</summary>
/// <example><code>
/// Tensor x = Tensor.Rand(1, 1, 4, 4);
/// (Tensor y, Tensor places) = new MaxPool2d(2).WithIndices(x);
/// Tensor back = new MaxUnpool2d(2).Call(y, places);
/// </code></example>
public abstract class MaxUnpool : Module
{
    private readonly int _dims;

    private protected MaxUnpool(int dims, Sizes kernelSize, Sizes stride, Sizes padding)
    {
        string name = $"MaxUnpool{dims}d";
        _dims = dims;
        KernelSize = Sizes.Of(kernelSize.Over(dims, 1, name, nameof(kernelSize)));
        Stride = Sizes.Of(stride.Or(kernelSize).Over(dims, 1, name, nameof(stride)));
        Padding = Sizes.Of(padding.Or(0).Over(dims, 0, name, nameof(padding)));
    }

    /// <summary>How large a window was.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart windows began.</summary>
    public Sizes Stride { get; }

    /// <summary>How far windows reached beyond the edges.</summary>
    public Sizes Padding { get; }

    /// <summary>The output of a size, where a pool makes one of several. Hooks see both tensors.</summary>
    /// <param name="input">What the pool gave.</param>
    /// <param name="indices">Where it was.</param>
    /// <param name="outputSize">The size of what went into the pool.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or a pool does not make the size of the input of that one.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the indices are not of integers.</exception>
    /// <exception cref="TensorIndexException">An index is not in the output.</exception>
    public Tensor To(Tensor input, Tensor indices, Shape outputSize)
    {
        outputSize.Given();
        return CallAs(x => Unpooled(x[0], x[1], outputSize), input.Given(), indices.Given());
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => Unpooled(input, other, null);

    private Tensor Unpooled(Tensor input, Tensor indices, Shape? outputSize) =>
        Adjoint.MaxUnpool.Of($"MaxUnpool{_dims}d", input, indices, _dims, KernelSize, Stride, Padding, outputSize);

    /// <inheritdoc/>
    protected override string ExtraText => $"kernel_size={KernelSize}, stride={Stride}, padding={Padding}";
}

/// <summary>Puts the elements of a <see cref="MaxPool1d"/> back where they were, among zeros: [N, C, L] or [C, L].</summary>
/// <param name="kernelSize">How large a window was; at least 1.</param>
/// <param name="stride">How far apart windows began; the kernel size if not given.</param>
/// <param name="padding">How far windows reached beyond the edges.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxUnpool1d(Sizes kernelSize, Sizes stride = default, Sizes padding = default)
    : MaxUnpool(1, kernelSize, stride, padding);

/// <summary>Puts the elements of a <see cref="MaxPool2d"/> back where they were, among zeros: [N, C, H, W] or [C, H, W].</summary>
/// <param name="kernelSize">How large a window was; at least 1.</param>
/// <param name="stride">How far apart windows began; the kernel size if not given.</param>
/// <param name="padding">How far windows reached beyond the edges.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxUnpool2d(Sizes kernelSize, Sizes stride = default, Sizes padding = default)
    : MaxUnpool(2, kernelSize, stride, padding);

/// <summary>Puts the elements of a <see cref="MaxPool3d"/> back where they were, among zeros: [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="kernelSize">How large a window was; at least 1.</param>
/// <param name="stride">How far apart windows began; the kernel size if not given.</param>
/// <param name="padding">How far windows reached beyond the edges.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class MaxUnpool3d(Sizes kernelSize, Sizes stride = default, Sizes padding = default)
    : MaxUnpool(3, kernelSize, stride, padding);

public static partial class F
{
    /// <summary>The elements of a <see cref="MaxPool1d"/> where they were, among zeros; of several for one place the last.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="indices">Where each was among those of its channel, as <see cref="MaxPool1dWithIndices"/> gives it.</param>
    /// <param name="kernelSize">How large a window was; at least 1.</param>
    /// <param name="stride">How far apart windows began; the kernel size if not given.</param>
    /// <param name="padding">How far windows reached beyond the edges.</param>
    /// <param name="outputSize">The size of what went into the pool, where several give one size.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or the pool does not make the input's size of that one.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the indices are not of integers.</exception>
    /// <exception cref="TensorIndexException">An index is not in the output.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor MaxUnpool1d(
        Tensor input, Tensor indices, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Shape? outputSize = null) =>
        Adjoint.MaxUnpool.Of(nameof(MaxUnpool1d), input.Given(), indices.Given(), 1, kernelSize, stride, padding, outputSize);

    /// <summary>The elements of a <see cref="MaxPool2d"/> where they were, among zeros; of several for one place the last.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="indices">Where each was among those of its channel, as <see cref="MaxPool2dWithIndices"/> gives it.</param>
    /// <param name="kernelSize">How large a window was; at least 1.</param>
    /// <param name="stride">How far apart windows began; the kernel size if not given.</param>
    /// <param name="padding">How far windows reached beyond the edges.</param>
    /// <param name="outputSize">The size of what went into the pool, where several give one size.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or the pool does not make the input's size of that one.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the indices are not of integers.</exception>
    /// <exception cref="TensorIndexException">An index is not in the output.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor MaxUnpool2d(
        Tensor input, Tensor indices, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Shape? outputSize = null) =>
        Adjoint.MaxUnpool.Of(nameof(MaxUnpool2d), input.Given(), indices.Given(), 2, kernelSize, stride, padding, outputSize);

    /// <summary>The elements of a <see cref="MaxPool3d"/> where they were, among zeros; of several for one place the last.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="indices">Where each was among those of its channel, as <see cref="MaxPool3dWithIndices"/> gives it.</param>
    /// <param name="kernelSize">How large a window was; at least 1.</param>
    /// <param name="stride">How far apart windows began; the kernel size if not given.</param>
    /// <param name="padding">How far windows reached beyond the edges.</param>
    /// <param name="outputSize">The size of what went into the pool, where several give one size.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or the pool does not make the input's size of that one.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the indices are not of integers.</exception>
    /// <exception cref="TensorIndexException">An index is not in the output.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor MaxUnpool3d(
        Tensor input, Tensor indices, Sizes kernelSize, Sizes stride = default, Sizes padding = default, Shape? outputSize = null) =>
        Adjoint.MaxUnpool.Of(nameof(MaxUnpool3d), input.Given(), indices.Given(), 3, kernelSize, stride, padding, outputSize);
}
