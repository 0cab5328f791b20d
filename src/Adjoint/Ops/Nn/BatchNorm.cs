using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// y = x̂·w + b with x̂ = (x − mean)·r and r = 1/√(variance + ε) of each channel,   dx = r·(g·w − mean(g·w) − x̂·mean(g·w·x̂)), and
/// dx = r·g·w where mean and variance are given.
/// </summary>
internal static class BatchNormOp
{
    /// <summary>One node and few passes where all is of one dtype.</summary>
    /// <param name="x">x [N, C] or [N, C, L].</param>
    /// <param name="w">w [C], or null for 1.</param>
    /// <param name="b">b [C], or null for 0.</param>
    /// <param name="given">Mean and variance [C], or null for those of the batch.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The mean of each channel that was used, [C], without history.</param>
    /// <param name="variance">The (biased) variance of each channel that was used, [C], without history.</param>
    /// <exception cref="ShapeException">w or b is not of one value a channel.</exception>
    internal static Tensor Apply(
        Tensor x, Tensor? w, Tensor? b, (Tensor Mean, Tensor Variance)? given, double eps, out Tensor mean, out Tensor variance)
    {
        if (w is not null) Check(w, x);
        if (b is not null) Check(b, x);
        bool constant = given is not { } g
            || Fits(g.Mean) && Fits(g.Variance) && !History.IsWanted(g.Mean) && !History.IsWanted(g.Variance);
        if (!x.DType.IsFloatingPoint || !Fits(w) || !Fits(b) || !constant)
            return Composed(x, w, b, given, eps, out mean, out variance);
        Shape channels = [x.Shape[1]];
        w ??= Tensor.Ones(channels, x.DType);
        b ??= Tensor.Zeros(channels, x.DType);
        Tensor?[] results = Door.RunMany(new Call(given is null, eps), x, w, b, given?.Mean, given?.Variance);
        (mean, variance) = (results[1]!, results[2]!);
        return results[0]!;

        bool Fits(Tensor? parameter) => parameter is null || parameter.DType == x.DType;
    }

    /// <summary>A value of each channel in the shape that broadcasts to x.</summary>
    internal static Tensor Spread(Tensor value, Tensor x) => value.View(x.NDim == 2 ? [1, x.Shape[1]] : [1, x.Shape[1], 1]);

    /// <summary>All dimensions but that of the channels.</summary>
    internal static int[] Dims(Tensor x) => x.NDim == 2 ? [0] : [0, 2];

    /// <summary>How a kernel sees x: so many channels, and elements of each beside each other.</summary>
    internal static (int N, int C, int L) Sizes(Tensor x) => (x.Shape[0], x.Shape[1], x.NDim == 2 ? 1 : x.Shape[2]);

    private static void Check(Tensor parameter, Tensor x)
    {
        if (parameter.NDim != 1 || parameter.NumEl != x.Shape[1])
            throw new ShapeException(
                $"BatchNorm: weight and bias of {x.Shape[1]} channels must have shape [{x.Shape[1]}], but one has {parameter.Shape}.");
    }

    private static Tensor Composed(
        Tensor x, Tensor? w, Tensor? b, (Tensor Mean, Tensor Variance)? given, double eps, out Tensor mean, out Tensor variance)
    {
        Tensor center, spread;
        if (given is { } g) (center, spread) = g;
        else if (x.NumEl == 0) (center, spread) = (Tensor.Zeros([x.Shape[1]], x.DType), Tensor.Ones([x.Shape[1]], x.DType));
        else (spread, center) = x.VarMean(Dims(x), correction: 0);
        (mean, variance) = (center.Detach(), spread.Detach());
        Tensor y = (x - Spread(center, x)) * (Spread(spread, x) + eps).Rsqrt();
        if (w is not null) y = y * Spread(w, x);
        return b is null ? y : y + Spread(b, x);
    }

    private readonly struct Call(bool ofBatch, double eps) : ITensorsOperation, IIntoOperation, IByHand
    {
        public string Name => "native_batch_norm";

        public void Describe(OpAttributes to)
        {
            to.Add("training", ofBatch);
            to.Add("eps", eps);
        }

        public void Write(Hand hand)
        {
            HandTensor x = HandChannels.Rows(hand.Input(0)), w = hand.Input(1), b = hand.Input(2), y = HandChannels.Rows(hand.Result);
            HandTensor mean = hand.ResultOrNull(1)!, variance = hand.ResultOrNull(2)!;
            HandTensor inverse = hand.Saved("result2") ?? hand.New("inverse", w.Shape, w.DType);
            string word = x.Word;
            if (!ofBatch)
            {
                hand.Copy(hand.Input(3), mean);
                hand.Copy(hand.Input(4), variance);
            }
            else if (x.Shape.NumEl == 0)
            {
                hand.Each(e => hand.Store(e[0], "0"), mean);
                hand.Each(e => hand.Store(e[0], "1"), variance);
            }
            else
            {
                hand.Over(1, e => HandChannels.Moments(hand, e[0], e[1], e[2]), x.Permuted(1, 0, 2), mean, variance);
            }
            string close = CodeWriter.Number(word == "float" ? (float)eps : eps, word);
            hand.Each(e => hand.Store(e[0], hand.Apply<RsqrtOp>(word, $"{hand.Element(e[1])} + {close}")), inverse, variance);
            HandTensor Each(HandTensor channels) => HandChannels.Spread(channels, x.Shape);
            hand.Each(e => hand.Store(e[0],
                $"({hand.Element(e[1])} - {hand.Element(e[2])}) * {hand.Element(e[3])} * {hand.Element(e[4])} + {hand.Element(e[5])}"),
                y, x, Each(mean), Each(inverse), Each(w), Each(b));
        }

        public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, w = inputs[1]!, b = inputs[2]!;
            Tensor y = Tensor.Uninitialized(here, x.Shape, x.DType), mean = Channels(), variance = Channels(), inverse = Channels();
            Compute(inputs, y, mean, variance, inverse);
            if (History.IsWanted(here, x, w) || History.IsWanted(here, b))
            {
                var rule = new BatchNormRule(here, x, w, ofBatch, eps, mean, inverse);
                History.Record(new ReadOnlySpan<Tensor>(in y), new RuleNode<BatchNormRule>(here, rule, x, w, b), [x, w, b]);
            }
            return [y, mean, variance];

            Tensor Channels() => Tensor.Uninitialized(here, [x.Shape[1]], x.DType);
        }

        public bool MayOverwrite => false;

        // Recorded, so that there is room for 1/√(variance + ε).
        public bool GoesInto(GraphOperation call) => call.Results is [_, { }, { }] && IntoCalls.ArePlain(call, saved: 1);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) =>
            Compute(x, results[0]!, results[1]!, results[2]!, results[3]!);

        private void Compute(ReadOnlySpan<Tensor?> inputs, Tensor y, Tensor mean, Tensor variance, Tensor inverse)
        {
            Tensor x = Elements.ToContiguous(inputs[0]!);
            if (!ofBatch)
            {
                Elements.CopyTo(inputs[3]!, mean);
                Elements.CopyTo(inputs[4]!, variance);
            }
            var work = new ForwardWork(x, Elements.ToContiguous(inputs[1]!), Elements.ToContiguous(inputs[2]!), ofBatch, eps,
                mean, variance, inverse, y);
            Dispatch.Floating(x.DType, "BatchNorm", ref work);
        }
    }

    private readonly struct ForwardWork(
        Tensor x, Tensor w, Tensor b, bool ofBatch, double eps, Tensor mean, Tensor variance, Tensor inverse, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int n, int c, int l) = Sizes(x);
            using var memory = new Loan();
            if (ofBatch && x.NumEl == 0)
            {
                memory.Of<T>(mean).Clear();
                memory.Of<T>(variance).Fill(T.One);
            }
            else if (ofBatch)
            {
                Kernels.BatchNorm.Moments(memory.Of<T>(x), n, c, l, memory.Of<T>(mean), memory.Of<T>(variance));
            }
            Kernels.BatchNorm.Inverses(memory.Of<T>(variance), T.CreateTruncating(eps), memory.Of<T>(inverse));
            if (x.NumEl > 0)
                Kernels.BatchNorm.Forward<T>(
                    memory.Of<T>(x), n, c, l, memory.Of<T>(w), memory.Of<T>(b), memory.Of<T>(mean), memory.Of<T>(inverse), memory.Of<T>(y));
        }
    }
}

public static partial class OpTable
{
    private static Op BatchNorm =>
        Op.Of(OpKind.Other, "batch_norm", (x, w, b) => BatchNormOp.Apply(x, w, b, null, 1e-5, out _, out _), Matrix, Row, Row,
            new()
            {
                Formula = "(x − mean x)/√(var x + ε)·y + z over all but the channels",
                Torch = "F.batch_norm(x, None, None, y, z, True, eps=1e-5)",
                Slack = 2,
                Gradient = "∂x: (g·y − mean(g·y) − x̂·mean(g·y·x̂))/σ with x̂ = (x − mean x)/σ, ∂y: Σ g·x̂, ∂z: Σ g",
            });
}
