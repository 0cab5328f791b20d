namespace Adjoint.Nn;

/// <summary>A grid of elements with more or fewer places, interpolated: inputs [N, C, L], [N, C, H, W] or [N, C, D, H, W].</summary>
public class Upsample : Module
{
    private readonly double[] _scaleFactor;
    private readonly bool? _alignCorners;
    private readonly bool _recomputeScaleFactor;

    /// <summary>Makes the layer for outputs of a size, or that are larger or smaller by factors: one of them must be given.</summary>
    /// <param name="size">The size of the output, without batch and channels; at least 1.</param>
    /// <param name="scaleFactor">How much larger: one number, or one for each dimension; above 0.</param>
    /// <param name="mode">How numbers between elements are found.</param>
    /// <param name="alignCorners">Whether the middles of the elements at the corners lie on each other, for linear and cubic modes.</param>
    /// <param name="recomputeScaleFactor">Whether places are found from the sizes and not from the factors.</param>
    /// <exception cref="ArgumentException">Neither or both are given, or a number is out of range.</exception>
    public Upsample(
        Sizes size = default, IReadOnlyList<double>? scaleFactor = null, InterpolateMode mode = InterpolateMode.Nearest,
        bool? alignCorners = null, bool recomputeScaleFactor = false)
    {
        if (size.IsGiven == scaleFactor is { Count: > 0 })
            throw new ArgumentException($"{GetType().Name}: exactly one of size and scaleFactor must be given.", nameof(size));
        if (size.IsGiven) size.Over(size.Count, 1, GetType().Name, nameof(size));
        foreach (double factor in scaleFactor ?? []) factor.In(Interval.Positive, nameof(scaleFactor));
        _scaleFactor = [.. scaleFactor ?? []];
        (Size, Mode, _alignCorners, _recomputeScaleFactor) = (size, mode.Known(), alignCorners, recomputeScaleFactor);
    }

    /// <summary>The size of the output, where it was given.</summary>
    public Sizes Size { get; }

    /// <summary>How much larger the output is, where that was given.</summary>
    public IReadOnlyList<double> ScaleFactor => _scaleFactor;

    /// <summary>How numbers between elements are found.</summary>
    public InterpolateMode Mode { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Interpolation.Of(GetType().Name, input, Size, _scaleFactor, Mode, _alignCorners, _recomputeScaleFactor, antialias: false);

    /// <inheritdoc/>
    protected override string ExtraText => $"{(Size.IsGiven ? $"size={Size}" : $"scale_factor={Factors}")}, mode={Text(Mode)}";

    private string Factors => _scaleFactor.Length == 1 ? PythonText.Of(_scaleFactor[0])
        : $"({string.Join(", ", _scaleFactor.Select(PythonText.Of))})";

    private static string Text(InterpolateMode mode) => mode == InterpolateMode.NearestExact ? "'nearest-exact'" : PythonText.Of(mode);
}

/// <summary>PyTorch's UpsamplingNearest2d: <see cref="Upsample"/> to the nearest element of images.</summary>
/// <param name="size">The height and width of the output.</param>
/// <param name="scaleFactor">How much larger it is, if not of a size; above 0.</param>
/// <exception cref="ArgumentException">Neither or both are given, or a number is out of range.</exception>
public sealed class UpsamplingNearest2d(Sizes size = default, IReadOnlyList<double>? scaleFactor = null) : Upsample(size, scaleFactor);

/// <summary>PyTorch's UpsamplingBilinear2d: <see cref="Upsample"/> on lines between elements of images, corners on corners.</summary>
/// <param name="size">The height and width of the output.</param>
/// <param name="scaleFactor">How much larger it is, if not of a size; above 0.</param>
/// <exception cref="ArgumentException">Neither or both are given, or a number is out of range.</exception>
public sealed class UpsamplingBilinear2d(Sizes size = default, IReadOnlyList<double>? scaleFactor = null)
    : Upsample(size, scaleFactor, InterpolateMode.Bilinear, alignCorners: true);

public static partial class F
{
    /// <summary>A grid of elements with more or fewer places, interpolated: to a size, or to ⌊factor·size⌋ places.</summary>
    /// <param name="input">[N, C, L], [N, C, H, W] or [N, C, D, H, W].</param>
    /// <param name="size">The size of the output, without batch and channels; at least 1.</param>
    /// <param name="scaleFactor">How much larger it is, if not of a size: one number, or one for each dimension; above 0.</param>
    /// <param name="mode">How numbers between elements are found.</param>
    /// <param name="alignCorners">Whether the middles of the elements at the corners lie on each other, for linear and cubic modes; by
    /// default the corners themselves do.</param>
    /// <param name="recomputeScaleFactor">Whether places are found from the sizes and not from the factors.</param>
    /// <param name="antialias">Whether, where the output is smaller, all elements under a wider kernel count; for bilinear and
    /// bicubic.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions than the mode needs, or nothing is left of it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or an option does not go with the mode.</exception>
    /// <example><code>
    /// Tensor x = Tensor.From([1f, 2]).Reshape(1, 1, 2);
    /// Tensor y = F.Interpolate(x, 4, mode: InterpolateMode.Linear);                       // 1 1.25 1.75 2
    /// Tensor z = F.Interpolate(x, scaleFactor: [2], mode: InterpolateMode.Nearest);       // 1 1 2 2
    /// </code></example>
    public static Tensor Interpolate(
        Tensor input, Sizes size = default, ReadOnlySpan<double> scaleFactor = default,
        InterpolateMode mode = InterpolateMode.Nearest, bool? alignCorners = null, bool recomputeScaleFactor = false,
        bool antialias = false) => Interpolation.Of(
            nameof(Interpolate), input.Given(), size, scaleFactor, mode.Known(), alignCorners, recomputeScaleFactor, antialias);
}
