namespace Adjoint.Nn;

/// <summary>What convolutions of one, two and three dimensions and their transposes have in common.</summary>
/// <remarks>
/// The weight starts uniform in ±1/√fan and the bias too, with fan the number of weights that meet in an output: <c>weight.Shape[1]</c>
/// times the taps of the kernel. The weight is drawn first; the numbers are PyTorch's for the same seed.
/// </remarks>
public abstract class ConvNd : Module, ILazyModule
{
    private readonly int _dims;
    private readonly bool _isTransposed;
    private Shape _weight;
    private readonly int[] _stride, _dilation, _around;

    private protected ConvNd(
        int dims, bool isTransposed, int inChannels, int outChannels, Sizes kernelSize, Sizes stride, ConvPadding padding, Sizes dilation,
        int groups, bool bias, PadMode paddingMode, DType dtype, Generator? generator)
    {
        string name = GetType().Name;
        (_dims, _isTransposed) = (dims, isTransposed);
        (InChannels, OutChannels, Groups) = (inChannels.AtLeast(0), outChannels.AtLeast(1), groups.AtLeast(1));
        if (kernelSize.Count == 0) throw new ArgumentOutOfRangeException(nameof(kernelSize), "kernelSize must be given.");
        int[] kernel = kernelSize.For(name, nameof(kernelSize), dims, 1, 1);
        _stride = stride.For(name, nameof(stride), dims, 1, 1);
        _dilation = dilation.For(name, nameof(dilation), dims, 1, 1);
        if (padding.IsSame && Array.Exists(_stride, step => step != 1))
            throw new ArgumentException($"{name}: padding \"same\" needs a stride of 1, but stride is {stride}.", nameof(padding));
        int[] each = padding.IsSame ? [] : padding.Sizes.For(name, nameof(padding), dims, 0, 0);
        PaddingMode = paddingMode.Known();
        if (inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException(
                $"{name}: groups must divide inChannels and outChannels, but {inChannels} and {outChannels} cannot be divided by {groups}.",
                nameof(groups));
        (KernelSize, Stride, Padding, Dilation) = (kernel, _stride, padding.IsSame ? padding : padding.IsValid ? padding : each, _dilation);
        _around = Around(padding, each, kernel, _dilation);
        (int outer, int inner) = isTransposed ? (inChannels, outChannels) : (outChannels, inChannels);
        _weight = [outer, inner / groups, .. kernel];
        Weight = Tensor.Empty(_weight, dtype).AsParameter();
        Bias = bias ? Tensor.Empty([outChannels], dtype).AsParameter() : null;
        ResetParameters(generator);
    }

    /// <summary>The channels of the input; at least 0.</summary>
    public int InChannels { get; private set; }

    /// <summary>The channels of the output; at least 1.</summary>
    public int OutChannels { get; }

    /// <summary>The taps of the kernel along each dimension; at least 1.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far the kernel moves along each dimension; at least 1.</summary>
    public Sizes Stride { get; }

    /// <summary>The padding at both ends of each dimension; at least 0.</summary>
    public ConvPadding Padding { get; }

    /// <summary>How far apart the taps of the kernel are along each dimension; at least 1.</summary>
    public Sizes Dilation { get; }

    /// <summary>In how many groups the channels are cut, each of which sees only its own; at least 1.</summary>
    public int Groups { get; }

    /// <summary>What the padding holds: zeros (<see cref="PadMode.Constant"/>) or what <see cref="Tensor.Pad"/> makes.</summary>
    public PadMode PaddingMode { get; }

    /// <summary>The weight.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter: use <c>AsParameter()</c>, or change the values in place.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor Weight
    {
        get => Parametrized(field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = ParameterSlot(field, value, _weight);
        }
    }

    /// <summary>The bias [out], or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, [OutChannels]); }

    /// <summary>Draws the parameters anew.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        if (Weight.NumEl > 0) Init.KaimingUniform(Weight, a: Math.Sqrt(5), generator: generator);
        if (Bias is null) return;
        double fan = (double)_weight.NumEl / _weight[0];
        if (fan > 0) Init.Uniform(Bias, -1 / Math.Sqrt(fan), 1 / Math.Sqrt(fan), generator);
        else Init.Zeros(Bias);
    }

    /// <summary>Whether the input decides how many channels there are.</summary>
    internal bool IsLazy { get; private protected set; }

    bool ILazyModule.IsLazy => IsLazy;

    /// <summary>Where a lazy layer draws its weights from.</summary>
    private protected Generator? LazyGenerator { get; init; }

    void ILazyModule.Materialize(IReadOnlyDictionary<string, Tensor> state, string prefix)
    {
        if (!state.TryGetValue(prefix + "weight", out Tensor? weight) || weight.NDim != _dims + 2) return;
        long channels = _isTransposed ? weight.Shape[0] : (long)weight.Shape[1] * Groups;
        if (channels % Groups == 0 && channels <= int.MaxValue) Materialize((int)channels);
    }

    private void Materialize(int channels)
    {
        Shape shape = _isTransposed ? [channels, OutChannels / Groups, .. KernelSize] : [OutChannels, channels / Groups, .. KernelSize];
        Grow(Weight, shape);
        (InChannels, _weight, IsLazy) = (channels, shape, false);
    }

    /// <summary>The input, after which a lazy layer knows its channels.</summary>
    private protected Tensor Seen(Tensor input)
    {
        if (!IsLazy) return input;
        int channels = LazySizes.Channels(TypeName, input, _dims);
        if (channels % Groups != 0)
            throw new ShapeException(
                $"{TypeName}: groups must divide the channels of the input, but {channels} of shape {input.Shape} cannot be divided by {Groups}.");
        Materialize(channels);
        ResetParameters(LazyGenerator);
        return input;
    }

    /// <summary>Further words of the text, between dilation and groups.</summary>
    private protected virtual string FurtherText => "";

    /// <summary>The input with its edges, and the padding that is left to do.</summary>
    private protected (Tensor Input, ConvPadding Padding) Padded(Tensor input) =>
        PaddingMode == PadMode.Constant ? (Seen(input), Padding) : (Seen(input).Pad(_around, PaddingMode), 0);

    /// <summary>The places to be added at the end that make a transposed output of a size.</summary>
    private protected Sizes PaddingFor(Tensor input, Shape outputSize)
    {
        string name = GetType().Name;
        if (input.NDim != _dims + 1 && input.NDim != _dims + 2)
            throw new ShapeException(
                $"{name}: needs an input of {_dims + 2} dimensions, or of {_dims + 1} without a batch, but its shape is {input.Shape}.");
        if (outputSize.NDim != _dims && outputSize.NDim != input.NDim)
            throw new ShapeException(
                $"{name}: outputSize must have {_dims} or {input.NDim} sizes for an input of shape {input.Shape}, but is {outputSize}.");
        var more = new int[_dims];
        for (int d = 0; d < _dims; d++)
        {
            long least = (input.Shape[d - _dims] - 1L) * _stride[d] - 2L * Padding.Sizes[d] + (long)_dilation[d] * (KernelSize[d] - 1) + 1;
            long most = least + _stride[d] - 1, size = outputSize[d - _dims];
            if (size < least || size > most)
                throw new ShapeException(
                    $"{name}: outputSize asks for {size} places of spatial dimension {d}, but an input of shape {input.Shape} makes "
                    + $"{least} to {most}.");
            more[d] = (int)(size - least);
        }
        return more;
    }

    // As Tensor.Pad has it: the last dimension first, both of its ends.
    private static int[] Around(ConvPadding padding, int[] each, int[] kernel, int[] dilation)
    {
        var around = new int[2 * kernel.Length];
        for (int i = 0; i < kernel.Length; i++)
        {
            int d = kernel.Length - 1 - i;
            long total = padding.IsSame ? (long)dilation[d] * (kernel[d] - 1) : 2L * each[d];
            around[2 * i] = (int)Math.Min(total / 2, int.MaxValue);
            around[2 * i + 1] = (int)Math.Min(total - total / 2, int.MaxValue);
        }
        return around;
    }

    /// <inheritdoc/>
    protected override string ExtraText
    {
        get
        {
            var text = new System.Text.StringBuilder();
            text.Append($"{InChannels}, {OutChannels}, kernel_size={Tuple(KernelSize)}, stride={Tuple(Stride)}");
            if (Padding.IsSame || Padding.IsValid) text.Append($", padding={Padding}");
            else if (Padding.Sizes.Any(p => p != 0)) text.Append($", padding={Tuple(Padding.Sizes)}");
            if (_dilation.Any(d => d != 1)) text.Append($", dilation={Tuple(Dilation)}");
            text.Append(FurtherText);
            if (Groups != 1) text.Append($", groups={Groups}");
            if (Bias is null) text.Append(", bias=False");
            if (PaddingMode != PadMode.Constant) text.Append($", padding_mode={PaddingMode.ToString().ToLowerInvariant()}");
            return text.ToString();
        }
    }

    private protected string Tuple(Sizes sizes) => _dims == 1 ? $"({sizes[0]},)" : sizes.ToString();
}
