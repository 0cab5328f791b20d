using System.Numerics;

namespace Adjoint;

/// <summary>The rule of <see cref="BatchNormOp"/>; its inputs are x, w and b, in two or three dimensions.</summary>
internal struct BatchNormRule(Here here, Tensor x, Tensor w, bool ofBatch, double eps, Tensor mean, Tensor inverse) : IRule
{
    private NormalizationSaved _saved = new(here, x, w, mean, inverse);

    public readonly string NodeName => "NativeBatchNormBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!, x = _saved.X(node), w = _saved.Weight(node);
        if (ofBatch && x.NumEl > 0 && !Here.Now.IsObserved)
        {
            Door.RunMany(new BatchNormGradient(wanted[0], wanted[1], wanted[2]), g, x, w, _saved.Mean(node), _saved.Inverse(node))
                .CopyTo(dx);
            return;
        }
        int[] dims = BatchNormOp.Dims(x);
        if (wanted[0] || wanted[1])
        {
            Tensor normalized = Standardized(node, x, out Tensor inverse);
            if (wanted[0]) dx[0] = Projected(g * BatchNormOp.Spread(w, x), normalized, inverse, dims);
            if (wanted[1]) dx[1] = (g * normalized).Sum(dims);
        }
        if (wanted[2]) dx[2] = g.Sum(dims);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor x = _saved.X(node), w = _saved.Weight(node), normalized = Standardized(node, x, out Tensor inverse);
        Tensor? sum = t[0] is { } tx ? Projected(tx, normalized, inverse, BatchNormOp.Dims(x)) * BatchNormOp.Spread(w, x) : null;
        if (t[1] is { } tw) sum = Plus(sum, normalized * BatchNormOp.Spread(tw, x));
        if (t[2] is { } tb) sum = Plus(sum, BatchNormOp.Spread(tb, x).Expand(x.Shape));
        dy[0] = sum;

        static Tensor Plus(Tensor? s, Tensor t) => s is null ? t : s + t;
    }

    public readonly void Show(SavedValues to)
    {
        _saved.Show(to);
        to.Attributes.Add("eps", eps);
    }

    public void Free() => _saved.Free();

    /// <summary>x̂ and r; where the rule itself is recorded they are computed from x again, because they depend on it.</summary>
    private readonly Tensor Standardized(Node node, Tensor x, out Tensor inverse)
    {
        Tensor mean = BatchNormOp.Spread(_saved.Mean(node), x);
        inverse = BatchNormOp.Spread(_saved.Inverse(node), x);
        if (ofBatch && x.NumEl > 0 && Here.Now.IsObserved)
        {
            (Tensor variance, mean) = x.VarMean(BatchNormOp.Dims(x), correction: 0, keepDim: true);
            inverse = (variance + eps).Rsqrt();
        }
        return (x - mean) * inverse;
    }

    /// <summary>The Jacobian of x̂, which is symmetric, times t: r·(t − mean(t) − x̂·mean(t·x̂)), or r·t.</summary>
    private readonly Tensor Projected(Tensor t, Tensor normalized, Tensor inverse, int[] dims) => !ofBatch || t.NumEl == 0
        ? t * inverse
        : (t - t.Mean(dims, keepDim: true) - normalized * (t * normalized).Mean(dims, keepDim: true)) * inverse;
}

/// <summary>The gradients of <see cref="BatchNormOp"/> in one pass; its inputs are g, x, w, mean and 1/√(variance + ε).</summary>
internal readonly struct BatchNormGradient(bool needsX, bool needsW, bool needsB) : ITensorsOperation, IIntoOperation, IByHand
{
    public string Name => "native_batch_norm_backward";

    public void Describe(OpAttributes to) => to.Add("output_mask", new[] { needsX, needsW, needsB });

    public void Write(Hand hand)
    {
        HandTensor g = HandChannels.Rows(hand.Input(0)), x = HandChannels.Rows(hand.Input(1));
        HandTensor w = hand.Input(2), mean = hand.Input(3), inverse = hand.Input(4);
        HandTensor dw = hand.ResultOrNull(1) ?? hand.New("dw", w.Shape, w.DType);
        HandTensor db = hand.ResultOrNull(2) ?? hand.New("db", w.Shape, w.DType);
        string word = x.Word;
        hand.Over(1, e =>
        {
            HandChannels.Slopes(hand, e[0], e[1], e[2]);
            hand.Store(e[4], Hand.Converted($"products * {hand.Element(e[3])}", "double", word));
            hand.Store(e[5], Hand.Converted("sum", "double", word));
        }, g.Permuted(1, 0, 2), x.Permuted(1, 0, 2), mean, inverse, dw, db);
        if (hand.ResultOrNull(0) is not { } slopes) return;
        HandTensor dx = HandChannels.Rows(slopes);
        double one = 1.0 / ((double)x.Shape[0] * x.Shape[2]);
        string share = CodeWriter.Number(word == "float" ? (float)one : one, word);
        HandTensor Each(HandTensor channels) => HandChannels.Spread(channels, x.Shape);
        hand.Each(e =>
        {
            string r = hand.Element(e[5]);
            hand.Line($"{word} value = ({hand.Element(e[2])} - {hand.Element(e[4])}) * {r};");
            string slope = $"{hand.Element(e[1])} - {hand.Element(e[7])} * {share} - value * ({hand.Element(e[6])} * {share})";
            hand.Store(e[0], $"({slope}) * ({hand.Element(e[3])} * {r})");
        }, dx, g, x, Each(w), Each(mean), Each(inverse), Each(dw), Each(db));
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[1]!, w = inputs[2]!;
        Tensor? dx = needsX ? Tensor.Uninitialized(here, x.Shape, x.DType) : null;
        Tensor dw = Tensor.Uninitialized(here, w.Shape, w.DType), db = Tensor.Uninitialized(here, w.Shape, w.DType);
        Compute(inputs, dx, dw, db);
        return [dx, needsW ? dw : null, needsB ? db : null];
    }

    public bool MayOverwrite => false;

    // That of x is computed from the two others.
    public bool GoesInto(GraphOperation call) => needsW && needsB && IntoCalls.ArePlain(call);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Compute(x, results[0], results[1]!, results[2]!);

    private static void Compute(ReadOnlySpan<Tensor?> inputs, Tensor? dx, Tensor dw, Tensor db)
    {
        Tensor x = inputs[1]!, w = inputs[2]!;
        var work = new BackwardWork(
            Elements.ToContiguous(inputs[0]!), Elements.ToContiguous(x), Elements.ToContiguous(w), inputs[3]!, inputs[4]!, dx, dw, db);
        Dispatch.Floating(x.DType, "BatchNorm", ref work);
    }

    private readonly struct BackwardWork(Tensor g, Tensor x, Tensor w, Tensor mean, Tensor inverse, Tensor? dx, Tensor dw, Tensor db)
        : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int n, int c, int l) = BatchNormOp.Sizes(x);
            using var memory = new Loan();
            Kernels.BatchNorm.Backward<T>(memory.Of<T>(g), memory.Of<T>(x), n, c, l, memory.Of<T>(w),
                memory.Of<T>(mean), memory.Of<T>(inverse), memory.OfNullable<T>(dx), memory.Of<T>(dw), memory.Of<T>(db));
        }
    }
}
