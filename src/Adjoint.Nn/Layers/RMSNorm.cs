using System.Numerics;

namespace Adjoint.Nn;

/// <summary>
/// Divides the last dimensions by their root mean square, and then scales them (Zhang and Sennrich 2019): PyTorch 2's <c>RMSNorm</c>.
/// </summary>
/// <example><code>
/// var layer = new RMSNorm(16);
/// Shape shape = layer.Call(Tensor.Randn([2, 5, 16])).Shape;      // [2, 5, 16]
/// </code></example>
public sealed class RMSNorm : Module
{
    private readonly double? _eps;

    /// <summary>Makes the layer with scale 1.</summary>
    /// <param name="normalizedShape">The last dimensions of the input; one at least.</param>
    /// <param name="eps">Added to the mean square; at least 0. By default the distance from 1 to the next number of the input's
    /// dtype.</param>
    /// <param name="elementwiseAffine">Whether there is a scale.</param>
    /// <param name="dtype">The dtype of the scale.</param>
    public RMSNorm(Shape normalizedShape, double? eps = null, bool elementwiseAffine = true, DType dtype = DType.Float32)
    {
        NormalizedShape = normalizedShape.Given().NDim > 0 ? normalizedShape
            : throw new ShapeException("RMSNorm: normalizedShape must have one dimension at least.");
        _eps = eps?.In(Interval.NotNegative, nameof(eps));
        if (elementwiseAffine) Weight = Tensor.Ones(normalizedShape, dtype).AsParameter();
    }

    /// <summary>Makes the layer for a last dimension.</summary>
    /// <param name="size">Its size; at least 0.</param>
    /// <param name="eps">Added to the mean square; at least 0. By default the distance from 1 to the next number of the input's
    /// dtype.</param>
    /// <param name="elementwiseAffine">Whether there is a scale.</param>
    /// <param name="dtype">The dtype of the scale.</param>
    public RMSNorm(int size, double? eps = null, bool elementwiseAffine = true, DType dtype = DType.Float32)
        : this([size.AtLeast(0)], eps, elementwiseAffine, dtype)
    {
    }

    /// <summary>The last dimensions of the input.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>The scale, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Weight { get => Parametrized(field); set => field = ParameterSlot(field, value, NormalizedShape); }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => F.RmsNorm(input, NormalizedShape, Weight, _eps);

    /// <inheritdoc/>
    protected override string ExtraText
    {
        get
        {
            string sizes = string.Join(", ", NormalizedShape.Sizes.ToArray());
            string eps = _eps is { } e ? PythonText.Of(e) : "None";
            return $"({sizes}{(NormalizedShape.NDim == 1 ? "," : "")}), eps={eps}, elementwise_affine={PythonText.Of(Weight is not null)}";
        }
    }
}

public static partial class F
{
    /// <summary>x/√(mean(x²) + ε)·w over the last dimensions.</summary>
    /// <param name="input">x.</param>
    /// <param name="normalizedShape">The last dimensions of x; one at least.</param>
    /// <param name="weight">w, of their shape, or null for 1.</param>
    /// <param name="eps">ε; at least 0. By default the distance from 1 to the next number of the dtype of x.</param>
    /// <exception cref="ShapeException">The input does not end in these dimensions, or the weight has others.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the weight of another dtype.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative.</exception>
    public static Tensor RmsNorm(Tensor input, Shape normalizedShape, Tensor? weight = null, double? eps = null)
    {
        try
        {
            int count = normalizedShape.Given().NDim;
            eps?.In(Interval.NotNegative, nameof(eps));
            if (count == 0 || input.Given().NDim < count || !input.Shape.Sizes[^count..].SequenceEqual(normalizedShape.Sizes))
                throw new ShapeException($"RmsNorm: expected an input that ends in {normalizedShape}, but its shape is {input.Shape}.");
            if (!input.DType.IsFloatingPoint) throw new DTypeException($"RmsNorm: input must be of floating point, but is {input.DType}.");
            if (weight is not null && !weight.Shape.Equals(normalizedShape))
                throw new ShapeException($"RmsNorm: weight must have shape {normalizedShape}, but its shape is {weight.Shape}.");
            if (weight is not null && weight.DType != input.DType)
                throw new DTypeException($"RmsNorm: weight must be {input.DType}, as the input, but is {weight.DType}.");
            double close = eps ?? Step(input.DType);
            Tensor y = input * (input.Square().Mean(LayerNormOp.Dims(count), keepDim: true) + close).Rsqrt();
            return weight is null ? y : y * weight;
        }
        catch (TensorException e) when (e.IsOf(nameof(RmsNorm)))
        {
            throw;
        }
    }

    private static double Step(DType dtype)
    {
        var work = new StepWork();
        Dispatch.Floating(dtype, nameof(RmsNorm), ref work);
        return work.Step;
    }

    private struct StepWork : IFloatingWork
    {
        internal double Step { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Step = double.CreateChecked(T.BitIncrement(T.One) - T.One);
    }
}
