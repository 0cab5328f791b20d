namespace Adjoint.Nn;

/// <summary>
/// Brings each sample to mean 0 and variance 1 over its last dimensions, and then scales and shifts every element (Ba et al. 2016).
/// </summary>
public sealed class LayerNorm : Module
{
    private readonly double _eps;

    /// <summary>Makes the layer with scale 1 and shift 0.</summary>
    /// <param name="normalizedShape">The last dimensions of the input, over which it is normalised.</param>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="elementwiseAffine">Whether there is a scale and a shift.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    public LayerNorm(Shape normalizedShape, double eps = 1e-5, bool elementwiseAffine = true, DType dtype = DType.Float32)
    {
        (NormalizedShape, _eps) = (normalizedShape.Given(), eps.In(Interval.NotNegative));
        if (!elementwiseAffine) return;
        Weight = Tensor.Ones(normalizedShape, dtype).AsParameter();
        Bias = Tensor.Zeros(normalizedShape, dtype).AsParameter();
    }

    /// <summary>
    /// Makes the layer for inputs whose last dimension, over which they are normalised, has a size: <c>new LayerNorm(64)</c>.
    /// </summary>
    /// <param name="size">The size of the last dimension; at least 0.</param>
    /// <param name="eps">Added to the variance; at least 0.</param>
    /// <param name="elementwiseAffine">Whether there is a scale and a shift.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    public LayerNorm(int size, double eps = 1e-5, bool elementwiseAffine = true, DType dtype = DType.Float32)
        : this([size.AtLeast(0)], eps, elementwiseAffine, dtype)
    {
    }

    /// <summary>The last dimensions of the input.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>The scale, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Weight { get => Parametrized(field); set => field = ParameterSlot(field, value, NormalizedShape); }

    /// <summary>The shift, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, NormalizedShape); }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.LayerNorm(input, NormalizedShape, Weight, Bias, _eps);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"({string.Join(", ", NormalizedShape)}{(NormalizedShape.NDim == 1 ? "," : "")}), eps={PythonText.Of(_eps)}, elementwise_affine={PythonText.Of(Weight is not null)}";
}

public static partial class F
{
    /// <summary>(x − mean)/√(variance + ε)·w + b, mean and (biased) variance over the last dimensions.</summary>
    /// <param name="input">x.</param>
    /// <param name="normalizedShape">The last dimensions of x.</param>
    /// <param name="weight">w of that shape, or null for 1.</param>
    /// <param name="bias">b of that shape, or null for 0.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <exception cref="ShapeException">The input does not end in that shape.</exception>
    public static Tensor LayerNorm(Tensor input, Shape normalizedShape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        try
        {
            input.Given();
            normalizedShape.Given();
            eps.In(Interval.NotNegative);
            int n = normalizedShape.NDim;
            if (n == 0 || input.NDim < n || !input.Shape.Sizes[^n..].SequenceEqual(normalizedShape.Sizes))
                throw new ShapeException($"LayerNorm: the input of shape {input.Shape} must end in the normalised shape {normalizedShape}.");
            return LayerNormOp.Apply(input, n, weight, bias, eps);
        }
        catch (TensorException e) when (e.IsOf(nameof(LayerNorm)))
        {
            throw;
        }
    }
}
