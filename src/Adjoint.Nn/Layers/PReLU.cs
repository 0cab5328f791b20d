namespace Adjoint.Nn;

/// <summary>x for x > 0, otherwise a·x with a learned a: <see cref="Tensor.Prelu"/>.</summary>
public sealed class PReLU : Module
{
    /// <summary>Makes the module.</summary>
    /// <param name="numParameters">How many a: 1 for all, or as many as the second dimension has places; at least 1.</param>
    /// <param name="init">What each a is at first; any finite number.</param>
    /// <param name="dtype">The dtype of a.</param>
    public PReLU(int numParameters = 1, double init = 0.25, DType dtype = DType.Float32)
    {
        NumParameters = numParameters.AtLeast(1);
        Weight = Tensor.Full([numParameters], init.In(Interval.Finite), dtype).AsParameter();
    }

    /// <summary>How many a.</summary>
    public int NumParameters { get; }

    /// <summary>a [numParameters].</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor Weight
    {
        get => Parametrized(field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = ParameterSlot(field, value, [NumParameters]);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Prelu(Weight);

    /// <inheritdoc/>
    protected override string ExtraText => $"num_parameters={NumParameters}";
}

/// <summary>x for x > 0, otherwise a·x, in training with an a drawn for each such element: <see cref="Tensor.Rrelu"/>.</summary>
/// <param name="lower">The least a; any finite number up to upper.</param>
/// <param name="upper">The largest a; any finite number from lower.</param>
/// <param name="inplace">Whether the input itself is changed, and given back.</param>
/// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
public sealed class RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false, Generator? generator = null) : Module
{
    private readonly double _lower = lower.In(Interval.Finite), _upper = upper.In(Interval.Finite) >= lower ? upper
        : throw new ArgumentOutOfRangeException(nameof(upper), upper, $"RReLU: upper must not be below lower, which is {lower}.");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => inplace
        ? input.RreluInPlace(_lower, _upper, Training, generator) : input.Rrelu(_lower, _upper, Training, generator);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"lower={PythonText.Of(_lower)}, upper={PythonText.Of(_upper)}{(inplace ? ", inplace=True" : "")}";
}
