namespace Adjoint.Nn;

/// <summary>A layer of two inputs: y[o] = Σ x₁[i]·W[o, i, j]·x₂[j] + b[o].</summary>
/// <remarks>W and b start uniform in ±1/√in1; W is drawn first. The numbers are PyTorch's for the same seed.</remarks>
public sealed class Bilinear : Module
{
    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="in1Features">The size of the last dimension of the first input; above 0.</param>
    /// <param name="in2Features">The size of the last dimension of the second input; at least 0.</param>
    /// <param name="outFeatures">The size of the last dimension of the output; at least 0.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    public Bilinear(
        int in1Features, int in2Features, int outFeatures, bool bias = true, DType dtype = DType.Float32, Generator? generator = null)
    {
        (In1Features, In2Features, OutFeatures) = (in1Features.AtLeast(1), in2Features.AtLeast(0), outFeatures.AtLeast(0));
        Weight = Tensor.Empty([outFeatures, in1Features, in2Features], dtype).AsParameter();
        Bias = bias ? Tensor.Empty([outFeatures], dtype).AsParameter() : null;
        ResetParameters(generator);
    }

    /// <summary>The size of the last dimension of the first input.</summary>
    public int In1Features { get; }

    /// <summary>The size of the last dimension of the second input.</summary>
    public int In2Features { get; }

    /// <summary>The size of the last dimension of the output.</summary>
    public int OutFeatures { get; }

    /// <summary>W [out, in1, in2].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor Weight
    {
        get => Parametrized(field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = ParameterSlot(field, value, [OutFeatures, In1Features, In2Features]);
        }
    }

    /// <summary>b [out], or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, [OutFeatures]); }

    /// <summary>Draws the parameters anew.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        double bound = 1 / Math.Sqrt(In1Features);
        Init.Uniform(Weight, -bound, bound, generator);
        if (Bias is not null) Init.Uniform(Bias, -bound, bound, generator);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => F.Bilinear(input, other, Weight, Bias);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"in1_features={In1Features}, in2_features={In2Features}, out_features={OutFeatures}, bias={PythonText.Of(Bias is not null)}";
}
