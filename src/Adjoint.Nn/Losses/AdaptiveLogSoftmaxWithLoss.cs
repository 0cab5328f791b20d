namespace Adjoint.Nn;

/// <summary>
/// A softmax over very many classes, of which few are frequent (Grave et al. 2017): the frequent ones stand in the head, the others in
/// clusters, of which only those are computed that a batch needs. PyTorch's <c>AdaptiveLogSoftmaxWithLoss</c>.
/// </summary>
/// <remarks>
/// The classes must be in order of their frequency, the most frequent first. Cluster i is seen through a projection to
/// inFeatures/divValueⁱ⁺¹ numbers.
/// The numbers are PyTorch's for the same seed.
/// </remarks>
/// <example><code>
/// var softmax = new AdaptiveLogSoftmaxWithLoss(16, nClasses: 1000, cutoffs: [20, 200]);
/// (Tensor output, Tensor loss) = softmax.Call(Tensor.Randn([4, 16]), Tensor.From(new long[] { 3, 150, 7, 900 }));
/// </code></example>
public sealed class AdaptiveLogSoftmaxWithLoss : Module<Tensor, Tensor, (Tensor Output, Tensor Loss)>
{
    private readonly Linear head;
    private readonly ModuleList tail;
    private readonly int[] _ends;

    /// <summary>Makes the layers and draws their weights.</summary>
    /// <param name="inFeatures">How many numbers an input has; at least 1.</param>
    /// <param name="nClasses">How many classes; at least 2.</param>
    /// <param name="cutoffs">The first class of each cluster, in order; above 0 and below nClasses, one at least.</param>
    /// <param name="divValue">By how much each cluster is seen through a narrower projection than the one before; at least 1.</param>
    /// <param name="headBias">Whether the head has a bias.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The cutoffs are not in order or out of range.</exception>
    public AdaptiveLogSoftmaxWithLoss(
        int inFeatures, int nClasses, IReadOnlyList<int> cutoffs, double divValue = 4, bool headBias = false, DType dtype = DType.Float32,
        Generator? generator = null)
    {
        cutoffs.Given();
        (InFeatures, NClasses) = (inFeatures.AtLeast(1), nClasses.AtLeast(2));
        if (!(divValue >= 1 && double.IsFinite(divValue)))
            throw new ArgumentOutOfRangeException(
                nameof(divValue), divValue, "AdaptiveLogSoftmaxWithLoss: divValue must be at least 1, and finite.");
        _ends = [.. cutoffs, nClasses];
        for (int i = 0; i < _ends.Length; i++)
            if (_ends.Length == 1 || _ends[i] <= (i == 0 ? 0 : _ends[i - 1]))
                throw new ArgumentException(
                    $"AdaptiveLogSoftmaxWithLoss: cutoffs must be in order, above 0 and below {nClasses}, one at least, but are [{string.Join(", ", cutoffs)}].",
                    nameof(cutoffs));
        head = new Linear(inFeatures, _ends[0] + Clusters, headBias, dtype, generator);
        tail = new ModuleList();
        for (int i = 0; i < Clusters; i++)
        {
            int narrow = (int)(inFeatures / Math.Pow(divValue, i + 1));
            tail.Add(new Sequential(
                new Linear(inFeatures, narrow, false, dtype, generator), new Linear(narrow, _ends[i + 1] - _ends[i], false, dtype,
                    generator)));
        }
    }

    private int Clusters => _ends.Length - 1;

    /// <summary>How many numbers an input has.</summary>
    public int InFeatures { get; }

    /// <summary>How many classes.</summary>
    public int NClasses { get; }

    /// <summary>
    /// The logarithms of the probabilities of all classes [N, nClasses]. As in PyTorch it is no call of the module: its hooks do not run,
    /// those of the layers inside do.
    /// </summary>
    /// <param name="input">[N, inFeatures].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor LogProb(Tensor input)
    {
        Check(nameof(LogProb), input.Given(), 2);
        return All(head.Call(input), input);
    }

    /// <summary>The most probable class of each input [N], or of one. As in PyTorch it is no call of the module.</summary>
    /// <param name="input">[N, inFeatures] or [inFeatures].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Tensor Predict(Tensor input)
    {
        Check(nameof(Predict), input.Given(), input.NDim == 1 ? 1 : 2);
        Tensor rows = input.NDim == 1 ? input.Unsqueeze(0) : input;
        Tensor best = All(head.Call(rows), rows).ArgMax(1);
        return input.NDim == 1 ? best.Squeeze(0) : best;
    }

    /// <summary>The logarithm of the probability of each target [N], or of one, and the mean of what it lacks to 0.</summary>
    /// <param name="input1">The input [N, inFeatures] or [inFeatures].</param>
    /// <param name="input2">The targets [N] or one, of an integer dtype.</param>
    protected override (Tensor Output, Tensor Loss) Forward(Tensor input1, Tensor input2)
    {
        (Tensor input, Tensor target) = (input1.Given("input"), input2.Given("target"));
        Check(TypeName, input, target.NDim + 1);
        if (target.DType.Row.Kind != DTypeKind.Whole)
            throw new DTypeException($"{TypeName}: target must be of an integer dtype, but is {target.DType}.");
        if (target.NDim > 1 || (target.NDim == 1 && target.Shape[0] != input.Shape[0]))
            throw new ShapeException($"{TypeName}: there must be a target for each input, but their shapes are {input.Shape} and {target.Shape}.");
        Tensor rows = target.NDim == 0 ? input.Unsqueeze(0) : input;
        HostAccess.Read(TypeName);
        long[] classes = target.Reshape(rows.Shape[0]).To(DType.Int64).ToArray<long>(), place = new long[classes.Length];
        foreach (long c in classes)
            if (c < 0 || c >= NClasses)
                throw new TensorIndexException($"{TypeName}: target must be in 0 to {NClasses - 1}, but one is {c}.");
        List<Tensor> parts = [];
        List<long> order = [];
        for (int i = 0; i <= Clusters; i++)
        {
            (int low, int high) = (i == 0 ? 0 : _ends[i - 1], _ends[i]);
            long[] of = [.. Enumerable.Range(0, classes.Length).Where(n => classes[n] >= low && classes[n] < high).Select(n => (long)n)];
            foreach (long n in of) place[n] = i == 0 ? classes[n] : _ends[0] + i - 1;
            if (i == 0 || of.Length == 0) continue;
            Tensor within = tail[i - 1].Call(rows.IndexSelect(0, Tensor.From(of))).LogSoftmax(1);
            parts.Add(within.Gather(1, Tensor.From(Array.ConvertAll(of, n => classes[n] - low)).Unsqueeze(1)).Squeeze(1));
            order.AddRange(of);
        }
        Tensor output = head.Call(rows).LogSoftmax(1).Gather(1, Tensor.From(place).Unsqueeze(1)).Squeeze(1);
        if (parts.Count > 0) output = output.IndexAdd(0, Tensor.From(order.ToArray()), Tensor.Cat(parts, 0));
        Tensor loss = (-output).Mean();
        return (target.NDim == 0 ? output.Squeeze(0) : output, loss);
    }

    private Tensor All(Tensor headOutput, Tensor input)
    {
        Tensor logProb = headOutput.LogSoftmax(1);
        List<Tensor> all = [logProb.Narrow(1, 0, _ends[0])];
        for (int i = 0; i < Clusters; i++) all.Add(tail[i].Call(input).LogSoftmax(1) + logProb.Narrow(1, _ends[0] + i, 1));
        return Tensor.Cat(all, 1);
    }

    private void Check(string name, Tensor input, int dims)
    {
        if (input.NDim != dims || input.Shape[-1] != InFeatures)
            throw new ShapeException(
                $"{name}: input must have {dims} dimensions, of which the last has {InFeatures} numbers, but its shape is {input.Shape}.");
    }
}
