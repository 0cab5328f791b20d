using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>What recurrent layers have in common: weights of every layer and direction, and the way of sequences through them.</summary>
/// <remarks>
/// The weights and biases start uniform in ±1/√hiddenSize, drawn in the order of their names; the numbers are PyTorch's for the same seed.
/// Their names are
/// PyTorch's too: <c>weight_ih_l0</c>, <c>weight_hh_l0</c>, <c>bias_ih_l0</c>, <c>bias_hh_l0</c>, and <c>weight_ih_l0_reverse</c> of the
/// other direction.
/// </remarks>
/// <typeparam name="THx">The first state, which may be null for zeros.</typeparam>
/// <typeparam name="TState">The last state.</typeparam>
public abstract class RnnBase<THx, TState> : Module<Tensor, THx, IReadOnlyList<int>?, (Tensor Output, TState State)>
{
    private readonly OrderedDictionary<string, Tensor> _parameters = [];
    private readonly RecurrentKind _kind;
    private readonly int _each;

    private protected RnnBase(
        RecurrentKind kind, int inputSize, int hiddenSize, int numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional,
        int projSize,
        DType dtype, Generator? generator)
    {
        (_kind, InputSize, HiddenSize, NumLayers) = (kind, inputSize.AtLeast(0), hiddenSize.AtLeast(1),
            TransformerOptions.Layers(numLayers, 1, nameof(numLayers)));
        (HasBias, BatchFirst, Bidirectional, Dropout) = (bias, batchFirst, bidirectional, dropout.In(Interval.Unit));
        ProjSize = projSize.AtLeast(0) < hiddenSize ? projSize
            : throw new ArgumentOutOfRangeException(nameof(projSize), projSize,
                $"{TypeName}: projSize must be below hiddenSize, which is {hiddenSize}.");
        _each = 2 + (bias ? 2 : 0) + (projSize > 0 ? 1 : 0);
        if (hiddenSize > int.MaxValue / kind.Gates())
            throw new ArgumentOutOfRangeException(nameof(hiddenSize), hiddenSize, $"{TypeName}: hiddenSize is too large for its gates.");
        int wide = kind.Gates() * hiddenSize;
        for (int layer = 0; layer < numLayers; layer++)
        {
            for (int direction = 0; direction < Directions; direction++)
            {
                string end = $"l{layer}{(direction == 1 ? "_reverse" : "")}";
                Add($"weight_ih_{end}", [wide, layer == 0 ? inputSize : StateSize * Directions]);
                Add($"weight_hh_{end}", [wide, StateSize]);
                if (bias) Add($"bias_ih_{end}", [wide]);
                if (bias) Add($"bias_hh_{end}", [wide]);
                if (projSize > 0) Add($"weight_hr_{end}", [projSize, hiddenSize]);
            }
        }
        ResetParameters(generator);

        void Add(string name, Shape shape) => _parameters.Add(name, Tensor.Empty(shape, dtype).AsParameter());
    }

    /// <summary>How many numbers the input has at each step; at least 0.</summary>
    public int InputSize { get; }

    /// <summary>How many cells each layer has; at least 1.</summary>
    public int HiddenSize { get; }

    /// <summary>How many layers lie on each other; at least 1.</summary>
    public int NumLayers { get; }

    /// <summary>Whether the gates have biases.</summary>
    public bool HasBias { get; }

    /// <summary>Whether inputs and outputs are [N, T, …], and not [T, N, …]. States are not concerned.</summary>
    public bool BatchFirst { get; }

    /// <summary>The probability of 0 in the output of each layer but the last, in training; in [0, 1].</summary>
    public double Dropout { get; }

    /// <summary>Whether each layer also goes through the sequence from its end.</summary>
    public bool Bidirectional { get; }

    /// <summary>How wide the state of an LSTM is after its projection; 0 for none.</summary>
    public int ProjSize { get; }

    /// <summary>The parameters of each layer and direction, in the order of their names.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> AllWeights => [.. _parameters.Values.Chunk(_each)];

    private int Directions => Bidirectional ? 2 : 1;

    private int StateSize => ProjSize > 0 ? ProjSize : HiddenSize;

    /// <summary>The parameter of a name, as <c>rnn["weight_hh_l0"]</c>; another one may be assigned.</summary>
    /// <param name="name">Its name in the state dictionary.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor this[string name]
    {
        get => _parameters.TryGetValue(name.Given(), out Tensor? found) ? Parametrized(found, name)
            : throw new KeyNotFoundException(
                $"{TypeName}: there is no parameter \"{name}\"; there are {string.Join(", ", _parameters.Keys)}.");
        set
        {
            name.Given();
            value.Given();
            Tensor before = this[name];
            _parameters[name] = ParameterSlot(before, value, before.Shape, name)!;
        }
    }

    /// <summary>Draws the parameters anew.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        double bound = 1 / Math.Sqrt(HiddenSize);
        foreach (Tensor parameter in _parameters.Values) Init.Uniform(parameter, -bound, bound, generator);
    }

    private protected sealed override void Put(string name, Tensor value) => _parameters[name] = value;

    internal sealed override bool CanPut(string name) => _parameters.ContainsKey(name);

    private protected sealed override IEnumerable<Slot> Held => _parameters.Select(p => new Slot(p.Key, p.Value));

    /// <inheritdoc/>
    protected override string ExtraText
    {
        get
        {
            string text = $"{InputSize}, {HiddenSize}";
            if (ProjSize != 0) text += $", proj_size={ProjSize}";
            if (NumLayers != 1) text += $", num_layers={NumLayers}";
            if (!HasBias) text += ", bias=False";
            if (BatchFirst) text += ", batch_first=True";
            if (Dropout != 0) text += $", dropout={PythonText.Of(Dropout)}";
            if (Bidirectional) text += ", bidirectional=True";
            return text;
        }
    }

    /// <summary>The output of all steps and the last states, of whole sequences or of the rows of packed ones.</summary>
    private protected (Tensor Output, Tensor H, Tensor? C) Run(Tensor input, Tensor? h, Tensor? c, IReadOnlyList<int>? batchSizes)
    {
        if (batchSizes is not null)
        {
            int[] sizes = Checked(batchSizes, input);
            return Through(input, sizes, Start(h, "hx", sizes[0], StateSize, input, 3), Start(c, "cx", sizes[0], HiddenSize, input, 3));
        }
        if (input.NDim is not (2 or 3))
            throw new ShapeException(
                $"{TypeName}: the input must be {(BatchFirst ? "[N, T, " : "[T, N, ")}{InputSize}], or [T, {InputSize}] of one sequence, "
                + $"but its shape is {input.Shape}.");
        bool isBatch = input.NDim == 3;
        CheckInput(input);
        Tensor x = !isBatch ? input.Unsqueeze(1) : BatchFirst ? input.Transpose(0, 1) : input;
        (int steps, int sequences) = (x.Shape[0], x.Shape[1]);
        if (steps == 0) throw new ShapeException($"{TypeName}: the input of shape {input.Shape} has no steps.");
        var all = new int[steps];
        Array.Fill(all, sequences);
        Tensor first = Start(h, "hx", sequences, StateSize, input, input.NDim), cells = Start(c, "cx", sequences, HiddenSize, input,
            input.NDim);
        (Tensor y, Tensor lastH, Tensor? lastC) = Through(x.Reshape(steps * sequences, InputSize), all, first, cells);
        y = y.Reshape(steps, sequences, StateSize * Directions);
        if (isBatch) return (BatchFirst ? y.Transpose(0, 1) : y, lastH, lastC);
        return (y.Squeeze(1), lastH.Squeeze(1), lastC?.Squeeze(1));
    }

    private (Tensor Y, Tensor H, Tensor? C) Through(Tensor x, int[] batchSizes, Tensor h, Tensor c)
    {
        bool hasCells = _kind == RecurrentKind.Lstm;
        List<Tensor> states = [], cells = [];
        for (int layer = 0; layer < NumLayers; layer++)
        {
            var outputs = new Tensor[Directions];
            for (int direction = 0; direction < Directions; direction++)
            {
                int place = layer * Directions + direction;
                (Tensor y, Tensor lastH, Tensor? lastC) = RecurrentOp.Apply(
                    _kind, new RecurrentOrder(batchSizes, direction == 1), x, h.Select(0, place), hasCells ? c.Select(0, place) : null,
                    Weights(place));
                outputs[direction] = y;
                states.Add(lastH);
                if (lastC is not null) cells.Add(lastC);
            }
            x = Directions == 1 ? outputs[0] : Tensor.Cat(outputs, 1);
            if (Training && Dropout > 0 && layer < NumLayers - 1) x = x.Dropout(Dropout);
        }
        return (x, Tensor.Stack(states, 0), hasCells ? Tensor.Stack(cells, 0) : null);
    }

    private RecurrentWeights Weights(int place)
    {
        int at = place * _each;
        Tensor Next() => _parameters.GetAt(at++).Value;
        Tensor input = Next(), hidden = Next();
        Tensor? inputBias = HasBias ? Next() : null, hiddenBias = HasBias ? Next() : null;
        return new(input, hidden, inputBias, hiddenBias, ProjSize > 0 ? Next() : null);
    }

    private void CheckInput(Tensor input)
    {
        if (input.Shape[-1] != InputSize)
            throw new ShapeException($"{TypeName}: the input of shape {input.Shape} has {input.Shape[-1]} features, but the layer expects {InputSize}.");
        DType dtype = _parameters.GetAt(0).Value.DType;
        if (input.DType != dtype)
            throw new DTypeException(
                $"{TypeName}: the input is {input.DType}, but the weights are {dtype}. Convert one with To(DType.{dtype}).");
    }

    private int[] Checked(IReadOnlyList<int> batchSizes, Tensor data)
    {
        if (data.NDim != 2)
            throw new ShapeException($"{TypeName}: packed sequences must be rows [rows, {InputSize}], but their shape is {data.Shape}.");
        CheckInput(data);
        int[] sizes = [.. batchSizes];
        PackedSequence.Check(TypeName, sizes, data.Shape[0], nameof(batchSizes));
        return sizes;
    }

    // A first state that is not given is zeros, and so is that of the cells of layers without any.
    private Tensor Start(Tensor? state, string name, int sequences, int width, Tensor input, int dims)
    {
        if (state is null) return Tensor.Zeros([NumLayers * Directions, sequences, width], input.DType);
        Shape expected = dims == 3 ? [NumLayers * Directions, sequences, width] : [NumLayers * Directions, width];
        if (!state.Shape.Equals(expected))
            throw new ShapeException(
                $"{TypeName}: {name} must have shape {expected} for an input of shape {input.Shape}, but its shape is {state.Shape}.");
        if (state.DType != input.DType)
            throw new DTypeException($"{TypeName}: {name} is {state.DType}, but the input is {input.DType}. Convert one with To.");
        return dims == 3 ? state : state.Unsqueeze(1);
    }
}
