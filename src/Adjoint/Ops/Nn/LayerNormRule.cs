using System.Numerics;

namespace Adjoint;

/// <summary>The rule of <see cref="LayerNormOp"/>; its inputs are x, w and b.</summary>
internal struct LayerNormRule(Here here, Tensor x, Tensor w, int count, double eps, Tensor mean, Tensor inverse) : IRule
{
    private NormalizationSaved _saved = new(here, x, w, mean, inverse);

    public readonly string NodeName => "NativeLayerNormBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!, x = _saved.X(node), w = _saved.Weight(node);
        if (!Here.Now.IsObserved)
        {
            Door.RunMany(new LayerNormGradient(count, wanted[0], wanted[1], wanted[2]), g, x, w, _saved.Mean(node), _saved.Inverse(node))
                .CopyTo(dx);
            return;
        }
        int[] dims = LayerNormOp.Dims(count);
        Tensor normalized = LayerNormOp.Standardized(x, count, eps, out Tensor inverse);
        if (wanted[0]) dx[0] = Projected(g * w, normalized, inverse, dims);
        if (wanted[1]) dx[1] = (g * normalized).SumTo(w.Shape);
        if (wanted[2]) dx[2] = g.SumTo(w.Shape);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor x = _saved.X(node), w = _saved.Weight(node), normalized = LayerNormOp.Standardized(x, count, eps, out Tensor inverse);
        Tensor? sum = t[0] is { } tx ? Projected(tx, normalized, inverse, LayerNormOp.Dims(count)) * w : null;
        if (t[1] is { } tw) sum = sum is null ? normalized * tw : sum + normalized * tw;
        if (t[2] is { } tb) sum = sum is null ? tb.Expand(x.Shape) : sum + tb;
        dy[0] = sum;
    }

    public readonly void Show(SavedValues to)
    {
        _saved.Show(to);
        to.Attributes.Add("eps", eps);
    }

    public void Free() => _saved.Free();

    /// <summary>r·(t − mean(t) − x̂·mean(t·x̂)): the Jacobian of x̂, which is symmetric, times t.</summary>
    private static Tensor Projected(Tensor t, Tensor normalized, Tensor inverse, int[] dims) =>
        (t - t.Mean(dims, keepDim: true) - normalized * (t * normalized).Mean(dims, keepDim: true)) * inverse;
}

/// <summary>The gradients of <see cref="LayerNormOp"/> in one pass; its inputs are g, x, w, mean and 1/√(variance + ε).</summary>
internal readonly struct LayerNormGradient(int dims, bool needsX, bool needsW, bool needsB) : ITensorsOperation, IIntoOperation, IByHand
{
    public string Name => "native_layer_norm_backward";

    public void Describe(OpAttributes to)
    {
        to.Add("dims", dims);
        to.Add("output_mask", new[] { needsX, needsW, needsB });
    }

    public void Write(Hand hand)
    {
        HandTensor g = hand.Input(0), x = hand.Input(1), w = hand.Input(2), mean = hand.Input(3), inverse = hand.Input(4);
        string word = x.Word;
        // w has a row, or several that are gone through in turn.
        int all = w.Shape.NumEl, outer = x.Shape.NDim - dims, rows = x.Shape.NumEl / all, n = all / (mean.Memory.Length / rows);
        Shape lead = Shape.Of([.. x.Shape.Sizes[..outer]]);
        (HandTensor means, HandTensor inverses) = (HandTensor.Whole(mean.Memory, lead), HandTensor.Whole(inverse.Memory, lead));
        if (hand.ResultOrNull(0) is { } dx)
        {
            hand.Over(outer, e =>
            {
                string m = hand.Element(e[3]), r = hand.Element(e[4]);
                string Normalized(HandTensor at) => $"({hand.Element(at)} - {m}) * {r}";
                string ofG = hand.Fold(HandFold.Sum, "ofG", at => $"{hand.Element(at[0])} * {hand.Element(at[1])}", false, e[0], e[5]);
                string ofGX = hand.Fold(HandFold.Sum, "ofGX",
                    at => $"{hand.Element(at[0])} * {hand.Element(at[2])} * ({Normalized(at[1])})", false, e[0], e[1], e[5]);
                hand.Line($"{ofG} = {Hand.Converted($"(double){ofG} / {n}", "double", word)};");
                hand.Line($"{ofGX} = {Hand.Converted($"(double){ofGX} / {n}", "double", word)};");
                hand.Each(at => hand.Store(at[2],
                    $"({hand.Element(at[0])} * {hand.Element(at[3])} - {ofG} - {Normalized(at[1])} * {ofGX}) * {r}"),
                    e[0], e[1], e[2], e[5]);
            }, g, x, dx, means, inverses, w.Expanded(x.Shape));
        }
        if (!needsW && !needsB) return;
        // Rows are added up in bands, one after the other, and then the bands.
        int band = Math.Max(16, 32768 / all), bands = (rows + band - 1) / band, turn = all / n;
        HandTensor dw = hand.New("ofWeight", [bands, all], x.DType), db = hand.New("ofBias", [bands, all], x.DType);
        HandTensor flatG = hand.InRows("gradientRows", g, all), flatX = hand.InRows("inputRows", x, all);
        for (int part = 0; part < bands; part++)
        {
            int first = part * band, count = Math.Min(band, rows - first);
            Shape shape = [count, turn, n];
            HandTensor Turns(HandTensor row) =>
                row.As([row.Shape[0], turn, n], [row.Strides[0], n * row.Strides[1], row.Strides[1]], row.Offset);
            HandTensor Part(HandTensor rowsOf) => Turns(rowsOf.Narrow(0, first, count));
            HandTensor Of(HandTensor sums) => Turns(sums.Narrow(0, part, 1)).Expanded(shape);
            HandTensor Row(HandTensor each) => HandTensor.Whole(each.Memory, [rows, turn, 1]).Narrow(0, first, count).Expanded(shape);
            hand.Each(e =>
            {
                string normalized = $"({hand.Element(e[3])} - {hand.Element(e[4])}) * {hand.Element(e[5])}";
                hand.Line($"{hand.Element(e[0])} += {hand.Element(e[2])} * ({normalized});");
                hand.Line($"{hand.Element(e[1])} += {hand.Element(e[2])};");
            }, Of(dw), Of(db), Part(flatG), Part(flatX), Row(mean), Row(inverse));
        }
        if (hand.ResultOrNull(1) is { } toW) HandSums.Write(hand, HandFold.Sum, dw, [0], HandTensor.Whole(toW.Memory, [all]));
        if (hand.ResultOrNull(2) is { } toB) HandSums.Write(hand, HandFold.Sum, db, [0], HandTensor.Whole(toB.Memory, [all]));
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[1]!, w = inputs[2]!;
        bool both = needsW || needsB;
        Tensor? dx = needsX ? Tensor.Uninitialized(here, x.Shape, x.DType) : null;
        Tensor? dw = both ? Tensor.Uninitialized(here, w.Shape, w.DType) : null;
        Tensor? db = both ? Tensor.Uninitialized(here, w.Shape, w.DType) : null;
        Compute(inputs, dx, dw, db);
        return [dx, needsW ? dw : null, needsB ? db : null];
    }

    public bool MayOverwrite => false;

    // The gradients of w and b are computed together.
    public bool GoesInto(GraphOperation call) => needsW == needsB && IntoCalls.ArePlain(call);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Compute(x, results[0], results[1], results[2]);

    private static void Compute(ReadOnlySpan<Tensor?> inputs, Tensor? dx, Tensor? dw, Tensor? db)
    {
        Tensor x = inputs[1]!, w = inputs[2]!;
        var work = new BackwardWork(
            Elements.ToContiguous(inputs[0]!), Elements.ToContiguous(x), Elements.ToContiguous(w), inputs[3]!, inputs[4]!, dx, dw, db);
        Dispatch.Floating(x.DType, "LayerNorm", ref work);
    }

    private readonly struct BackwardWork(Tensor g, Tensor x, Tensor w, Tensor mean, Tensor inverse, Tensor? dx, Tensor? dw, Tensor? db)
        : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = x.NumEl / mean.NumEl;
            using var memory = new Loan();
            if (dx is not null)
                Kernels.LayerNorm.Backward<T>(memory.Of<T>(g), memory.Of<T>(x), n, memory.Of<T>(w), memory.Of<T>(mean),
                    memory.Of<T>(inverse), memory.Of<T>(dx));
            if (dw is not null)
                Kernels.LayerNorm.ParametersBackward<T>(memory.Of<T>(g), memory.Of<T>(x), n, memory.Of<T>(mean), memory.Of<T>(inverse),
                    memory.Of<T>(dw), memory.Of<T>(db!));
        }
    }
}
