namespace Adjoint.Nn;

/// <summary>Pools whose windows share out their input, so that the output has a given size whatever that of the input.</summary>
public abstract class AdaptivePool : Module
{
    private protected AdaptivePool(int dims, Sizes outputSize)
    {
        outputSize.Over(dims, 0, GetType().Name, nameof(outputSize));
        (Dims, OutputSize) = (dims, outputSize);
    }

    /// <summary>The size of the output.</summary>
    public Sizes OutputSize { get; }

    private protected int Dims { get; }

    /// <inheritdoc/>
    protected override string ExtraText => $"output_size={OutputSize}";
}

/// <summary>The largest element of each share: PyTorch's AdaptiveMaxPool1d, AdaptiveMaxPool2d and AdaptiveMaxPool3d.</summary>
public abstract class AdaptiveMaxPool : AdaptivePool
{
    private protected AdaptiveMaxPool(int dims, Sizes outputSize) : base(dims, outputSize)
    {
    }

    /// <summary>The largest elements and where they are: PyTorch's <c>return_indices</c>. Hooks see both.</summary>
    /// <param name="input">As for <see cref="Module.Call(Tensor)"/>.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    public (Tensor Values, Tensor Indices) WithIndices(Tensor input) => CallAs(x => Pooled(x[0]), input.Given());

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Pooled(input).Values;

    private (Tensor Values, Tensor Indices) Pooled(Tensor input) =>
        Adjoint.MaxPool.Adaptive($"AdaptiveMaxPool{Dims}d", input, Dims, OutputSize);
}

/// <summary>The mean of each share: PyTorch's AdaptiveAvgPool1d, AdaptiveAvgPool2d and AdaptiveAvgPool3d.</summary>
public abstract class AdaptiveAvgPool : AdaptivePool
{
    private protected AdaptiveAvgPool(int dims, Sizes outputSize) : base(dims, outputSize)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Adjoint.AvgPool.Adaptive($"AdaptiveAvgPool{Dims}d", input, Dims, OutputSize);
}

/// <summary>The largest element of each share of inputs [N, C, L] or [C, L].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveMaxPool1d(Sizes outputSize) : AdaptiveMaxPool(1, outputSize);

/// <summary>The largest element of each share of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveMaxPool2d(Sizes outputSize) : AdaptiveMaxPool(2, outputSize);

/// <summary>The largest element of each share of inputs [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveMaxPool3d(Sizes outputSize) : AdaptiveMaxPool(3, outputSize);

/// <summary>The mean of each share of inputs [N, C, L] or [C, L].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveAvgPool1d(Sizes outputSize) : AdaptiveAvgPool(1, outputSize);

/// <summary>The mean of each share of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveAvgPool2d(Sizes outputSize) : AdaptiveAvgPool(2, outputSize);

/// <summary>The mean of each share of inputs [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="outputSize">How many shares there are.</param>
/// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
public sealed class AdaptiveAvgPool3d(Sizes outputSize) : AdaptiveAvgPool(3, outputSize);

public static partial class F
{
    /// <summary>The largest elements of shares of each of one dimension: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveMaxPool1d(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool1d), input.Given(), 1, outputSize).Values;

    /// <summary>As <see cref="AdaptiveMaxPool1d"/>, and the number of each chosen element among those of its channel.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool1d"/>
    public static (Tensor Values, Tensor Indices) AdaptiveMaxPool1dWithIndices(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool1dWithIndices), input.Given(), 1, outputSize);

    /// <summary>The means of shares of each of one dimension: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveAvgPool1d(Tensor input, Sizes outputSize) =>
        Adjoint.AvgPool.Adaptive(nameof(AdaptiveAvgPool1d), input.Given(), 1, outputSize);

    /// <summary>The largest elements of shares of each of two dimensions: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveMaxPool2d(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool2d), input.Given(), 2, outputSize).Values;

    /// <summary>As <see cref="AdaptiveMaxPool2d"/>, and the number of each chosen element among those of its channel.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d"/>
    public static (Tensor Values, Tensor Indices) AdaptiveMaxPool2dWithIndices(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool2dWithIndices), input.Given(), 2, outputSize);

    /// <summary>The means of shares of each of two dimensions: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveAvgPool2d(Tensor input, Sizes outputSize) =>
        Adjoint.AvgPool.Adaptive(nameof(AdaptiveAvgPool2d), input.Given(), 2, outputSize);

    /// <summary>The largest elements of shares of each of three dimensions: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveMaxPool3d(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool3d), input.Given(), 3, outputSize).Values;

    /// <summary>As <see cref="AdaptiveMaxPool3d"/>, and the number of each chosen element among those of its channel.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool3d"/>
    public static (Tensor Values, Tensor Indices) AdaptiveMaxPool3dWithIndices(Tensor input, Sizes outputSize) =>
        Adjoint.MaxPool.Adaptive(nameof(AdaptiveMaxPool3dWithIndices), input.Given(), 3, outputSize);

    /// <summary>The means of shares of each of three dimensions: from ⌊i·in/out⌋ to ⌈(i + 1)·in/out⌉.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="outputSize">How many shares there are.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or is empty apart from the batch.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are too many of them.</exception>
    public static Tensor AdaptiveAvgPool3d(Tensor input, Sizes outputSize) =>
        Adjoint.AvgPool.Adaptive(nameof(AdaptiveAvgPool3d), input.Given(), 3, outputSize);
}
