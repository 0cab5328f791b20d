namespace Adjoint.Nn;

/// <summary>
/// Brings groups of channels of each sample [N, C, …] to mean 0 and variance 1, and then scales and shifts each channel (Wu and He 2018).
/// </summary>
public sealed class GroupNorm : Module
{
    private readonly double _eps;

    /// <summary>Makes the layer with scale 1 and shift 0.</summary>
    /// <param name="numGroups">How many groups; at least 1. It divides the number of channels.</param>
    /// <param name="numChannels">C, the number of channels; at least 0.</param>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="affine">Whether there is a scale and a shift.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    public GroupNorm(int numGroups, int numChannels, double eps = 1e-5, bool affine = true, DType dtype = DType.Float32)
    {
        (NumGroups, NumChannels, _eps) = (numGroups.AtLeast(1), numChannels.AtLeast(0), eps.In(Interval.NotNegative));
        if (!affine) return;
        Weight = Tensor.Ones([numChannels], dtype).AsParameter();
        Bias = Tensor.Zeros([numChannels], dtype).AsParameter();
    }

    /// <summary>How many groups.</summary>
    public int NumGroups { get; }

    /// <summary>The number of channels.</summary>
    public int NumChannels { get; }

    /// <summary>The scale of each channel, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Weight { get => Parametrized(field); set => field = ParameterSlot(field, value, [NumChannels]); }

    /// <summary>The shift of each channel, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, [NumChannels]); }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.GroupNorm(input, NumGroups, Weight, Bias, _eps);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumGroups}, {NumChannels}, eps={PythonText.Of(_eps)}, affine={PythonText.Of(Weight is not null)}";
}

public static partial class F
{
    /// <summary>(x − mean)/√(variance + ε)·w + b, mean and (biased) variance over groups of channels of each sample.</summary>
    /// <param name="input">[N, C, …].</param>
    /// <param name="numGroups">How many groups; divides C.</param>
    /// <param name="weight">w [C], or null for 1.</param>
    /// <param name="bias">b [C], or null for 0.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <exception cref="ShapeException">The groups do not divide the channels, or the shapes do not fit.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1 groups, or ε is negative.</exception>
    public static Tensor GroupNorm(Tensor input, int numGroups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
        GroupNormalization.Of(
            nameof(GroupNorm), input.Given(), numGroups.AtLeast(1), weight, bias, eps.In(Interval.NotNegative));
}
