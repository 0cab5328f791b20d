using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>A fully connected layer: y = x·Wᵀ + b.</summary>
/// <remarks>W and b start uniform in ±1/√in; W is drawn first. The numbers are PyTorch's for the same seed.</remarks>
public class Linear : Module, ITakesEpilogue, ILazyModule
{
    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="inFeatures">The size of the last dimension of the input; at least 0.</param>
    /// <param name="outFeatures">The size of the last dimension of the output; at least 0.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = true, DType dtype = DType.Float32, Generator? generator = null)
    {
        (InFeatures, OutFeatures) = (inFeatures.AtLeast(0), outFeatures.AtLeast(0));
        // See Note [Rehearsals]: the weights are drawn meanwhile.
        if (dtype.IsFloatingPoint) Rehearse(dtype);
        Weight = Tensor.Empty([outFeatures, inFeatures], dtype).AsParameter();
        Bias = bias ? Tensor.Empty([outFeatures], dtype).AsParameter() : null;
        ResetParameters(generator);
    }

    /// <summary>A layer that does not know its input yet, and draws nothing.</summary>
    private protected Linear(int outFeatures, bool bias, DType dtype)
    {
        OutFeatures = outFeatures.AtLeast(0);
        Weight = Tensor.Empty([outFeatures, 0], dtype).AsParameter();
        Bias = bias ? Tensor.Zeros([outFeatures], dtype).AsParameter() : null;
    }

    /// <summary>The size of the last dimension of the input; at least 0.</summary>
    public int InFeatures { get; private set; }

    /// <summary>The size of the last dimension of the output; at least 0.</summary>
    public int OutFeatures { get; }

    /// <summary>W [out, in].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor Weight
    {
        get => Parametrized(field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = ParameterSlot(field, value, [OutFeatures, InFeatures]);
        }
    }

    /// <summary>b [out], or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, [OutFeatures]); }

    /// <summary>Draws the parameters anew.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        if (Weight.NumEl > 0) Init.KaimingUniform(Weight, a: Math.Sqrt(5), generator: generator);
        if (Bias is null) return;
        double bound = InFeatures > 0 ? 1 / Math.Sqrt(InFeatures) : 0;
        Init.Uniform(Bias, -bound, bound, generator);
    }

    /// <summary>Whether the input decides how many features there are.</summary>
    internal bool IsLazy { get; private protected set; }

    bool ILazyModule.IsLazy => IsLazy;

    void ILazyModule.Materialize(IReadOnlyDictionary<string, Tensor> state, string prefix)
    {
        if (state.TryGetValue(prefix + "weight", out Tensor? weight) && weight.NDim == 2) Materialize(weight.Shape[1]);
    }

    private void Materialize(int inFeatures)
    {
        Grow(Weight, [OutFeatures, inFeatures]);
        (InFeatures, IsLazy) = (inFeatures, false);
    }

    private Tensor Seen(Tensor input)
    {
        if (IsLazy)
        {
            if (input.NDim == 0) throw new ShapeException($"{TypeName}: the input must have features, but its shape is [].");
            Materialize(input.Shape[-1]);
            ResetParameters(LazyGenerator);
        }
        return input;
    }

    /// <summary>Where a lazy layer draws its weights from.</summary>
    private protected Generator? LazyGenerator { get; init; }

    private void Rehearse(DType dtype)
    {
        var work = new Products(InFeatures, OutFeatures);
        Dispatch.Floating(dtype, "Linear", ref work);
    }

    private readonly struct Products(int inputs, int outputs) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rehearsal.Of<T>(inputs, outputs);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor input) => F.Linear(Seen(input), Weight, Bias);

    Tensor ITakesEpilogue.CallWith(Epilogue epilogue, Tensor input) => epilogue switch
    {
        Epilogue.Relu => Bias is null ? Forward(input).Relu() : AddMmOp.LinearRelu(Seen(input), Weight, Bias),
        _ => throw new ArgumentOutOfRangeException(nameof(epilogue), epilogue, "Linear: there is no such end of a product."),
    };

    /// <summary>The name under which it is printed, where PyTorch has a type of its own.</summary>
    internal string? ShownAs { get; init; }

    /// <inheritdoc/>
    protected override string TypeName => ShownAs ?? base.TypeName;

    /// <inheritdoc/>
    protected override string ExtraText => $"in_features={InFeatures}, out_features={OutFeatures}, bias={PythonText.Of(Bias is not null)}";
}

public static partial class F
{
    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="input">x [*, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null for none.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => AddMmOp.Linear(input.Given(), weight.Given(), bias);

    /// <summary>y[o] = Σ x₁[i]·W[o, i, j]·x₂[j] + b[o].</summary>
    /// <param name="input1">x₁ [*, in1].</param>
    /// <param name="input2">x₂ [*, in2].</param>
    /// <param name="weight">W [out, in1, in2].</param>
    /// <param name="bias">b [out], or null for none.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor Bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) =>
        BilinearForm.Apply(input1.Given(), input2.Given(), weight.Given(), bias);
}
