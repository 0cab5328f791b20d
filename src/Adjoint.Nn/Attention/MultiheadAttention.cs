namespace Adjoint.Nn;

/// <summary>
/// Attention of several heads (Vaswani et al. 2017): queries, keys and values are projected, each head answers its part of a query with a
/// mean of its part of the values, and what all heads say is projected again.
/// </summary>
/// <remarks>
/// Queries [L, N, embedDim], keys [S, N, kdim] and values [S, N, vdim] → [L, N, embedDim], with batchFirst [N, L, …], of single sequences
/// without N; and the weights.
/// In masks true is where a key must not be seen, as in PyTorch; in <see cref="F.ScaledDotProductAttention"/> it is where it may. The
/// projections are drawn uniform as <see cref="Init.XavierUniform"/> has it, their biases are 0. As PyTorch's <c>MultiheadAttention</c>,
/// with its initial numbers for the
/// same seed.
/// </remarks>
/// <example><code>
/// var attention = new MultiheadAttention(embedDim: 8, numHeads: 2);
/// Tensor x = Tensor.Randn([5, 3, 8]);                                            // 5 steps, 3 sequences
/// (Tensor y, Tensor? weights) = attention.Call(x, x, x, attnMask: Transformer.GenerateSquareSubsequentMask(5));
/// Shape shape = weights!.Shape;                                                  // [3, 5, 5]
/// </code></example>
public sealed class MultiheadAttention : Module<
    (Tensor Query, Tensor Key, Tensor Value, Tensor? KeyPaddingMask, bool NeedWeights, Tensor? AttnMask, bool AverageAttnWeights),
    (Tensor Output, Tensor? Weights)>
{
    private readonly bool _addZeroAttn;

    /// <summary>Makes the layer and draws its weights.</summary>
    /// <param name="embedDim">How many numbers a query has; at least 1.</param>
    /// <param name="numHeads">How many heads; at least 1. It divides embedDim.</param>
    /// <param name="dropout">The probability that a weight becomes 0, in training; in [0, 1].</param>
    /// <param name="bias">Whether the projections have biases.</param>
    /// <param name="addBiasKv">Whether each sequence gets a learned key and value.</param>
    /// <param name="addZeroAttn">Whether each sequence gets a key and a value of zeros.</param>
    /// <param name="kdim">How many numbers a key has; at least 1, by default as many as a query.</param>
    /// <param name="vdim">How many numbers a value has; at least 1, by default as many as a query.</param>
    /// <param name="batchFirst">Whether inputs and output are [N, L, …].</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The heads do not divide embedDim.</exception>
    public MultiheadAttention(
        int embedDim, int numHeads, double dropout = 0, bool bias = true, bool addBiasKv = false, bool addZeroAttn = false,
        int? kdim = null,
        int? vdim = null, bool batchFirst = false, DType dtype = DType.Float32, Generator? generator = null)
    {
        (EmbedDim, NumHeads, Dropout) = (embedDim.AtLeast(1), numHeads.AtLeast(1), dropout.In(Interval.Unit));
        (KDim, VDim, BatchFirst, _addZeroAttn) = (kdim?.AtLeast(1, nameof(kdim)) ?? embedDim, vdim?.AtLeast(1, nameof(vdim)) ?? embedDim,
            batchFirst, addZeroAttn);
        if (embedDim > int.MaxValue / 3)
            throw new ArgumentOutOfRangeException(
                nameof(embedDim), embedDim, "MultiheadAttention: embedDim is too large: three projections of it are one matrix.");
        if (embedDim % numHeads != 0)
            throw new ArgumentException(
                $"MultiheadAttention: numHeads must divide embedDim, but {embedDim} cannot be divided by {numHeads}.", nameof(numHeads));
        if (KDim == embedDim && VDim == embedDim)
        {
            InProjWeight = New(3 * embedDim, embedDim);
        }
        else
        {
            (QProjWeight, KProjWeight, VProjWeight) = (New(embedDim, embedDim), New(embedDim, KDim), New(embedDim, VDim));
        }
        InProjBias = bias ? New(3 * embedDim) : null;
        (BiasK, BiasV) = addBiasKv ? (New(1, 1, embedDim), New(1, 1, embedDim)) : (null, null);
        OutProj = new Linear(embedDim, embedDim, bias, dtype, generator) { ShownAs = "NonDynamicallyQuantizableLinear" };
        ResetParameters(generator);

        Tensor New(params int[] shape) => Tensor.Empty(Shape.Of(shape), dtype).AsParameter();
    }

    /// <summary>How many numbers a query has.</summary>
    public int EmbedDim { get; }

    /// <summary>How many heads.</summary>
    public int NumHeads { get; }

    /// <summary>The probability that a weight becomes 0, in training; in [0, 1].</summary>
    public double Dropout { get; }

    /// <summary>How many numbers a key has.</summary>
    public int KDim { get; }

    /// <summary>How many numbers a value has.</summary>
    public int VDim { get; }

    /// <summary>Whether inputs and output are [N, L, …].</summary>
    public bool BatchFirst { get; }

    /// <summary>
    /// The projections of queries, keys and values, one below the other [3·E, E]; null where keys or values have another width.
    /// </summary>
    public Tensor? InProjWeight { get => Parametrized(field); }

    /// <summary>The projection of queries [E, E], where keys or values have another width.</summary>
    public Tensor? QProjWeight { get => Parametrized(field); }

    /// <summary>The projection of keys [E, kdim], where keys or values have another width.</summary>
    public Tensor? KProjWeight { get => Parametrized(field); }

    /// <summary>The projection of values [E, vdim], where keys or values have another width.</summary>
    public Tensor? VProjWeight { get => Parametrized(field); }

    /// <summary>The biases of the projections [3·E], or null.</summary>
    public Tensor? InProjBias { get => Parametrized(field); }

    /// <summary>The learned key [1, 1, E], or null.</summary>
    public Tensor? BiasK { get => Parametrized(field); }

    /// <summary>The learned value [1, 1, E], or null.</summary>
    public Tensor? BiasV { get => Parametrized(field); }

    /// <summary>The projection of what the heads say.</summary>
    public Linear OutProj { get; }

    // By name: of QProjWeight the names' rule would make qproj_weight.
    private protected override IEnumerable<Slot> Held
    {
        get
        {
            (string, object?)[] all =
            [
                ("in_proj_weight", InProjWeight), ("q_proj_weight", QProjWeight), ("k_proj_weight", KProjWeight), ("v_proj_weight",
                    VProjWeight),
                ("in_proj_bias", InProjBias), ("bias_k", BiasK), ("bias_v", BiasV), ("out_proj", OutProj),
            ];
            foreach ((string name, object? value) in all)
                if (value is not null) yield return new Slot(name, value);
        }
    }

    /// <summary>Draws the projections of queries, keys and values anew, and the learned key and value; biases become 0.</summary>
    public void ResetParameters(Generator? generator = null)
    {
        foreach (Tensor? weight in (Tensor?[])[InProjWeight, QProjWeight, KProjWeight, VProjWeight])
            if (weight is not null) Init.XavierUniform(weight, generator: generator);
        if (InProjBias is not null) Init.Zeros(InProjBias);
        if (OutProj.Bias is not null) Init.Zeros(OutProj.Bias);
        if (BiasK is not null) Init.XavierNormal(BiasK, generator: generator);
        if (BiasV is not null) Init.XavierNormal(BiasV, generator: generator);
    }

    /// <summary>What the heads say to each query, and with which weights.</summary>
    /// <param name="query">[L, N, embedDim], with batchFirst [N, L, embedDim], or [L, embedDim].</param>
    /// <param name="key">[S, N, kdim], with batchFirst [N, S, kdim], or [S, kdim].</param>
    /// <param name="value">[S, N, vdim], with batchFirst [N, S, vdim], or [S, vdim].</param>
    /// <param name="keyPaddingMask">[N, S], or [S]: Bool, true where a key must not be seen, or numbers that are added to its scores; or
    /// null.</param>
    /// <param name="needWeights">Whether the weights are wanted.</param>
    /// <param name="attnMask">[L, S] or [N·heads, L, S]: Bool, true where a query must not see a key, or numbers that are added to the
    /// scores; or null.</param>
    /// <param name="averageAttnWeights">Whether the weights are averaged over the heads.</param>
    /// <returns>The output in the shape of the query, and the weights [N, L, S] or [N, heads, L, S], of single sequences without N; null
    /// where they are not wanted.</returns>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="DTypeException">A dtype does not fit.</exception>
    public (Tensor Output, Tensor? Weights) Call(
        Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask = null, bool needWeights = true, Tensor? attnMask = null,
        bool averageAttnWeights = true) =>
        Call((query, key, value, keyPaddingMask, needWeights, attnMask, averageAttnWeights));

    /// <inheritdoc/>
    protected override (Tensor Output, Tensor? Weights) Forward(
        (Tensor Query, Tensor Key, Tensor Value, Tensor? KeyPaddingMask, bool NeedWeights, Tensor? AttnMask, bool AverageAttnWeights) input)
    {
        (Tensor query, Tensor key, Tensor value) = (input.Query.Given("query"), input.Key.Given("key"), input.Value.Given("value"));
        Check(query, key, value);
        bool isBatch = query.NDim == 3;
        (Tensor q, Tensor k, Tensor v) = (Arranged(query), Arranged(key), Arranged(value));
        // What is the same tensor is projected once.
        if (ReferenceEquals(query, key)) k = q;
        if (ReferenceEquals(key, value)) v = k;
        else if (ReferenceEquals(query, value)) v = q;
        Tensor? padding = isBatch ? input.KeyPaddingMask : input.KeyPaddingMask?.Unsqueeze(0);
        var attention = new HeadedAttention(TypeName, NumHeads, Training ? Dropout : 0, _addZeroAttn);
        (Tensor y, Tensor weights) = attention.Of(q, k, v, padding, input.AttnMask,
            new AttentionWeights(InProjWeight ?? QProjWeight!, KProjWeight, VProjWeight, InProjBias, BiasK, BiasV, OutProj.Weight,
                OutProj.Bias));
        y = !isBatch ? y.Squeeze(1) : BatchFirst ? y.Transpose(0, 1) : y;
        if (!input.NeedWeights) return (y, null);
        if (input.AverageAttnWeights) weights = weights.Mean(1);
        return (y, isBatch ? weights : weights.Squeeze(0));
    }

    private Tensor Arranged(Tensor x) => x.NDim == 2 ? x.Unsqueeze(1) : BatchFirst ? x.Transpose(0, 1) : x;

    private void Check(Tensor query, Tensor key, Tensor value)
    {
        if (query.NDim is not (2 or 3) || key.NDim != query.NDim || value.NDim != query.NDim)
            throw new ShapeException(
                $"{TypeName}: query, key and value must all have three dimensions, or two of single sequences, but their shapes are {query.Shape}, {key.Shape} and {value.Shape}.");
        CheckOne("query", query, EmbedDim);
        CheckOne("key", key, KDim);
        CheckOne("value", value, VDim);
        int batch = BatchFirst ? 0 : 1;
        bool fits = query.NDim == 2 || (query.Shape[batch] == key.Shape[batch] && key.Shape[batch] == value.Shape[batch]);
        int steps = query.NDim == 2 || !BatchFirst ? 0 : 1;
        if (!fits || key.Shape[steps] != value.Shape[steps])
            throw new ShapeException(
                $"{TypeName}: query, key and value must be of equally many sequences, with a value for each key, but their shapes are {query.Shape}, {key.Shape} and {value.Shape}.");

        void CheckOne(string name, Tensor x, int width)
        {
            if (x.Shape[-1] != width)
                throw new ShapeException($"{TypeName}: {name} of shape {x.Shape} has {x.Shape[-1]} numbers, but the layer expects {width}.");
            if (x.DType != OutProj.Weight.DType)
                throw new DTypeException(
                    $"{TypeName}: {name} is {x.DType}, but the weights are {OutProj.Weight.DType}. Convert one with To(DType.{OutProj.Weight.DType}).");
        }
    }
}
