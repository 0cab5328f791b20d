using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>What recurrent cells have in common: a layer that goes one step, of one sequence or a batch of them.</summary>
/// <remarks>
/// The weights and biases start uniform in ±1/√hiddenSize, drawn in the order W, U, b, b′; the numbers are PyTorch's for the same seed.
/// </remarks>
/// <typeparam name="THx">The state before the step, which may be null for zeros.</typeparam>
/// <typeparam name="TState">The state after it.</typeparam>
public abstract class RnnCellBase<THx, TState> : Module<Tensor, THx, TState>
{
    private readonly RecurrentKind _kind;

    private protected RnnCellBase(RecurrentKind kind, int inputSize, int hiddenSize, bool bias, DType dtype, Generator? generator)
    {
        (_kind, InputSize, HiddenSize) = (kind, inputSize.AtLeast(0), hiddenSize.AtLeast(1));
        if (hiddenSize > int.MaxValue / kind.Gates())
            throw new ArgumentOutOfRangeException(nameof(hiddenSize), hiddenSize, $"{TypeName}: hiddenSize is too large for its gates.");
        WeightIh = Tensor.Empty([Wide, inputSize], dtype).AsParameter();
        WeightHh = Tensor.Empty([Wide, hiddenSize], dtype).AsParameter();
        BiasIh = bias ? Tensor.Empty([Wide], dtype).AsParameter() : null;
        BiasHh = bias ? Tensor.Empty([Wide], dtype).AsParameter() : null;
        ResetParameters(generator);
    }

    private int Wide => _kind.Gates() * HiddenSize;

    /// <summary>How many numbers the input has; at least 0.</summary>
    public int InputSize { get; }

    /// <summary>How many cells there are; at least 1.</summary>
    public int HiddenSize { get; }

    /// <summary>W [gates·hiddenSize, inputSize].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor WeightIh { get => Parametrized(field); set => field = ParameterSlot(field, value.Given(), [Wide, InputSize])!; }

    /// <summary>U [gates·hiddenSize, hiddenSize].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor WeightHh { get => Parametrized(field); set => field = ParameterSlot(field, value.Given(), [Wide, HiddenSize])!; }

    /// <summary>b [gates·hiddenSize], or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? BiasIh { get => Parametrized(field); set => field = ParameterSlot(field, value, [Wide]); }

    /// <summary>b′ [gates·hiddenSize], or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? BiasHh { get => Parametrized(field); set => field = ParameterSlot(field, value, [Wide]); }

    /// <summary>Draws the parameters anew.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        double bound = 1 / Math.Sqrt(HiddenSize);
        foreach (Tensor? parameter in (Tensor?[])[WeightIh, WeightHh, BiasIh, BiasHh])
            if (parameter is not null) Init.Uniform(parameter, -bound, bound, generator);
    }

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{InputSize}, {HiddenSize}{(BiasIh is null ? ", bias=False" : "")}{(_kind == RecurrentKind.Relu ? ", nonlinearity=relu" : "")}";

    private protected (Tensor H, Tensor? C) Step(Tensor input, Tensor? h, Tensor? c)
    {
        if (input.NDim is not (1 or 2) || input.Shape[-1] != InputSize)
            throw new ShapeException($"{TypeName}: the input must be [N, {InputSize}] or [{InputSize}], but its shape is {input.Shape}.");
        if (input.DType != WeightIh.DType)
            throw new DTypeException(
                $"{TypeName}: the input is {input.DType}, but the weights are {WeightIh.DType}. Convert one with To(DType.{WeightIh.DType}).");
        Tensor x = input.NDim == 1 ? input.Unsqueeze(0) : input;
        var order = new RecurrentOrder([x.Shape[0]], false);
        (_, Tensor nextH, Tensor? nextC) = RecurrentOp.Apply(_kind, order, x, Before(h, "hx", input),
            _kind == RecurrentKind.Lstm ? Before(c, "cx", input) : null, new RecurrentWeights(WeightIh, WeightHh, BiasIh, BiasHh));
        return input.NDim == 1 ? (nextH.Squeeze(0), nextC?.Squeeze(0)) : (nextH, nextC);
    }

    private Tensor Before(Tensor? state, string name, Tensor input)
    {
        int count = input.NDim == 1 ? 1 : input.Shape[0];
        if (state is null) return Tensor.Zeros([count, HiddenSize], input.DType);
        Shape expected = input.NDim == 1 ? [HiddenSize] : [count, HiddenSize];
        if (!state.Shape.Equals(expected))
            throw new ShapeException(
                $"{TypeName}: {name} must have shape {expected} for an input of shape {input.Shape}, but its shape is {state.Shape}.");
        if (state.DType != input.DType)
            throw new DTypeException($"{TypeName}: {name} is {state.DType}, but the input is {input.DType}. Convert one with To.");
        return input.NDim == 1 ? state.Unsqueeze(0) : state;
    }
}
