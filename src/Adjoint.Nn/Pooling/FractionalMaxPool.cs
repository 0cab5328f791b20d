namespace Adjoint.Nn;

/// <summary>
/// The largest element of windows that begin at drawn places: PyTorch's FractionalMaxPool2d and FractionalMaxPool3d, after Graham (2014).
/// </summary>
public abstract class FractionalMaxPool : Module
{
    private readonly int _dims;
    private readonly IReadOnlyList<double>? _outputRatio;
    private readonly Generator? _generator;

    private protected FractionalMaxPool(
        int dims, Sizes kernelSize, Sizes outputSize, IReadOnlyList<double>? outputRatio, Generator? generator)
    {
        string name = $"FractionalMaxPool{dims}d";
        KernelSize = Sizes.Of(kernelSize.Over(dims, 1, name, nameof(kernelSize)));
        Adjoint.FractionalMaxPool.CheckGiven(name, dims, outputSize, outputRatio);
        if (outputSize.IsGiven) OutputSize = Sizes.Of(outputSize.Over(dims, 1, name, nameof(outputSize)));
        (_dims, _outputRatio, _generator) = (dims, outputRatio?.ToArray(), generator);
    }

    /// <summary>How large a window is.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How many windows there are; no numbers where a ratio was given.</summary>
    public Sizes OutputSize { get; }

    /// <summary>The values and where they were; hooks see both.</summary>
    /// <param name="input">The input.</param>
    /// <param name="samples">A number in [0, 1) for each example, channel and dimension; drawn if not given.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    public (Tensor Values, Tensor Indices) WithIndices(Tensor input, Tensor? samples = null) => samples is null
        ? CallAs(x => Pooled(x[0], null), input.Given()) : CallAs(x => Pooled(x[0], x[1]), input.Given(), samples);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Pooled(input, null).Values;

    private (Tensor Values, Tensor Indices) Pooled(Tensor input, Tensor? samples) => Adjoint.FractionalMaxPool.Of(
        $"FractionalMaxPool{_dims}d", input, _dims, KernelSize, OutputSize, _outputRatio, samples, _generator);

    /// <inheritdoc/>
    protected override string ExtraText => "";
}

/// <summary>The largest element of windows that begin at drawn places, of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="outputSize">How many windows there are; at least 1. Or</param>
/// <param name="outputRatio">which part of each size is left: one number or one for each dimension; in (0, 1).</param>
/// <param name="generator">Where places are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them; both or none of size and
/// ratio.</exception>
public sealed class FractionalMaxPool2d(
    Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Generator? generator = null)
    : FractionalMaxPool(2, kernelSize, outputSize, outputRatio, generator);

/// <summary>The largest element of windows that begin at drawn places, of inputs [N, C, D, H, W] or [C, D, H, W].</summary>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="outputSize">How many windows there are; at least 1. Or</param>
/// <param name="outputRatio">which part of each size is left: one number or one for each dimension; in (0, 1).</param>
/// <param name="generator">Where places are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them; both or none of size and
/// ratio.</exception>
public sealed class FractionalMaxPool3d(
    Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Generator? generator = null)
    : FractionalMaxPool(3, kernelSize, outputSize, outputRatio, generator);

public static partial class F
{
    /// <summary>The largest element of windows that begin at drawn places; a NaN is larger than all.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="outputSize">How many windows there are; at least 1. Or</param>
    /// <param name="outputRatio">which part of each size is left: one number or one for each dimension; in (0, 1).</param>
    /// <param name="samples">Numbers in [0, 1) that say where windows begin, [N, C, 2], of the width first; drawn if not given.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or there are more windows than places.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the samples have another dtype.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them; both or none of size and
    /// ratio.</exception>
    public static Tensor FractionalMaxPool2d(
        Tensor input, Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Tensor? samples = null,
        Generator? generator = null) =>
        Adjoint.FractionalMaxPool.Of(
            nameof(FractionalMaxPool2d), input.Given(), 2, kernelSize, outputSize, outputRatio, samples, generator).Values;

    /// <summary>As <see cref="FractionalMaxPool2d"/>, and the number of each chosen element among those of its channel.</summary>
    /// <inheritdoc cref="FractionalMaxPool2d"/>
    public static (Tensor Values, Tensor Indices) FractionalMaxPool2dWithIndices(
        Tensor input, Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Tensor? samples = null,
        Generator? generator = null) =>
        Adjoint.FractionalMaxPool.Of(
            nameof(FractionalMaxPool2dWithIndices), input.Given(), 2, kernelSize, outputSize, outputRatio, samples, generator);

    /// <summary>The largest element of windows that begin at drawn places, in three dimensions; a NaN is larger than all.</summary>
    /// <param name="input">[N, C, D, H, W], or [C, D, H, W] without a batch.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="outputSize">How many windows there are; at least 1. Or</param>
    /// <param name="outputRatio">which part of each size is left: one number or one for each dimension; in (0, 1).</param>
    /// <param name="samples">Numbers in [0, 1) that say where windows begin, [N, C, 3], of the depth first; drawn if not given.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or there are more windows than places.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the samples have another dtype.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them; both or none of size and
    /// ratio.</exception>
    public static Tensor FractionalMaxPool3d(
        Tensor input, Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Tensor? samples = null,
        Generator? generator = null) =>
        Adjoint.FractionalMaxPool.Of(
            nameof(FractionalMaxPool3d), input.Given(), 3, kernelSize, outputSize, outputRatio, samples, generator).Values;

    /// <summary>As <see cref="FractionalMaxPool3d"/>, and the number of each chosen element among those of its channel.</summary>
    /// <inheritdoc cref="FractionalMaxPool3d"/>
    public static (Tensor Values, Tensor Indices) FractionalMaxPool3dWithIndices(
        Tensor input, Sizes kernelSize, Sizes outputSize = default, IReadOnlyList<double>? outputRatio = null, Tensor? samples = null,
        Generator? generator = null) =>
        Adjoint.FractionalMaxPool.Of(
            nameof(FractionalMaxPool3dWithIndices), input.Given(), 3, kernelSize, outputSize, outputRatio, samples, generator);
}
