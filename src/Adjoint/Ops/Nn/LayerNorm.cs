using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// y = x̂·w + b with x̂ = (x − mean)/√(variance + ε) over the last dimensions,   dx = r·(g·w − mean(g·w) − x̂·mean(g·w·x̂)) with r =
/// 1/√(variance + ε).
/// </summary>
internal static class LayerNormOp
{
    /// <summary>One node and one pass where all is there and of one dtype.</summary>
    /// <param name="x">x.</param>
    /// <param name="count">How many of its last dimensions are normalised.</param>
    /// <param name="w">w of their shape, or null for 1.</param>
    /// <param name="b">b of their shape, or null for 0.</param>
    /// <param name="eps">ε.</param>
    internal static Tensor Apply(Tensor x, int count, Tensor? w, Tensor? b, double eps)
    {
        Shape row = Shape.Of([.. x.Shape.Sizes[^count..]]);
        bool fits = x.DType.IsFloatingPoint && x.NumEl > 0 && Fits(w) && Fits(b);
        if (!fits) return Composed(x, count, w, b, eps);
        w ??= Tensor.Ones(row, x.DType);
        b ??= Tensor.Zeros(row, x.DType);
        return Door.Run(new Call(row, count, eps), x, w, b);

        bool Fits(Tensor? parameter) => parameter is null || parameter.DType == x.DType && parameter.Shape.Equals(row);
    }

    /// <summary>The same of rows [n, groups, k] with w and b of [groups, k]: each group has its own.</summary>
    internal static Tensor OfGroups(Tensor x, Tensor w, Tensor b, double eps) =>
        Door.Run(new Call([x.Shape[2]], 1, eps), x, w, b);

    private static Tensor Composed(Tensor x, int count, Tensor? w, Tensor? b, double eps)
    {
        Tensor y = Standardized(x, count, eps, out _);
        if (w is not null) y *= w;
        return b is null ? y : y + b;
    }

    /// <summary>x̂ and r in tensor operations.</summary>
    internal static Tensor Standardized(Tensor x, int count, double eps, out Tensor inverse)
    {
        (Tensor variance, Tensor mean) = x.VarMean(Dims(count), correction: 0, keepDim: true);
        inverse = (variance + eps).Rsqrt();
        return (x - mean) * inverse;
    }

    internal static int[] Dims(int count) => [.. Enumerable.Range(-count, count)];

    private readonly struct Call(Shape row, int count, double eps) : ITensorOperation, IIntoOperation, IByHand
    {
        public string Name => "native_layer_norm";

        public void Describe(OpAttributes to)
        {
            to.Add("normalized_shape", row);
            to.Add("eps", eps);
        }

        public void Write(Hand hand)
        {
            HandTensor x = hand.Input(0), w = hand.Input(1), b = hand.Input(2), y = hand.Result;
            int outer = x.Shape.NDim - count, n = row.NumEl, rows = x.Shape.NumEl / n;
            HandTensor mean = hand.Saved("result1") ?? hand.New("means", [rows], x.DType);
            HandTensor inverse = hand.Saved("result2") ?? hand.New("inverses", [rows], x.DType);
            Shape lead = Shape.Of([.. x.Shape.Sizes[..outer]]);
            (string word, string math) = (x.Word, x.Word == "float" ? "MathF" : "Math");
            string close = CodeWriter.Number(word == "float" ? (float)eps : eps, word);
            hand.Over(outer, e =>
            {
                string moments = HandMoments.Of(hand, e[0]);
                hand.Store(e[2], Hand.Converted($"{moments}.Mean", "double", word));
                hand.Store(e[3], $"1 / {math}.Sqrt({Hand.Converted($"{moments}.Squares / {n}", "double", word)} + {close})");
                string m = hand.Element(e[2]), r = hand.Element(e[3]);
                hand.Each(row => hand.Store(row[1],
                    $"({hand.Element(row[0])} - {m}) * {r} * {hand.Element(row[2])} + {hand.Element(row[3])}"), e[0], e[1], e[4], e[5]);
            }, x, y, HandTensor.Whole(mean.Memory, lead), HandTensor.Whole(inverse.Memory, lead), w.Expanded(x.Shape),
                b.Expanded(x.Shape));
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, w = inputs[1]!, b = inputs[2]!;
            Tensor y = Tensor.Uninitialized(here, x.Shape, x.DType);
            Tensor mean = Tensor.Uninitialized(here, [x.NumEl / row.NumEl], x.DType),
                inverse = Tensor.Uninitialized(here, mean.Shape, x.DType);
            Compute(x, w, b, y, mean, inverse);
            if (History.IsWanted(here, x, w) || History.IsWanted(here, b))
            {
                var rule = new LayerNormRule(here, x, w, count, eps, mean, inverse);
                History.Record(new ReadOnlySpan<Tensor>(in y), new RuleNode<LayerNormRule>(here, rule, x, w, b), [x, w, b]);
            }
            return y;
        }

        public bool MayOverwrite => false;

        // Recorded, so that there is room for mean and r.
        public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call, saved: 2);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) =>
            Compute(x[0]!, x[1]!, x[2]!, results[0]!, results[1]!, results[2]!);

        private void Compute(Tensor x, Tensor w, Tensor b, Tensor y, Tensor mean, Tensor inverse)
        {
            var work = new ForwardWork(Elements.ToContiguous(x), Elements.ToContiguous(w), Elements.ToContiguous(b), eps, y, mean, inverse);
            Dispatch.Floating(x.DType, "LayerNorm", ref work);
        }
    }

    private readonly struct ForwardWork(Tensor x, Tensor w, Tensor b, double eps, Tensor y, Tensor mean, Tensor inverse) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Kernels.LayerNorm.Forward<T>(memory.Of<T>(x), x.NumEl / mean.NumEl, memory.Of<T>(w), memory.Of<T>(b), eps,
                memory.Of<T>(y), memory.Of<T>(mean), memory.Of<T>(inverse));
        }
    }
}

public static partial class OpTable
{
    private static Op LayerNorm => Op.Of(OpKind.Other, "layer_norm", (x, w, b) => LayerNormOp.Apply(x, 1, w, b, 1e-5), Matrix, Row, Row,
        new()
        {
            Formula = "(x − mean x)/√(var x + ε)·y + z over the last dimensions",
            Torch = "F.layer_norm(x, y.shape, y, z, 1e-5)",
            Gradient = "∂x: (g·y − mean(g·y) − x̂·mean(g·y·x̂))/σ with x̂ = (x − mean x)/σ, ∂y: Σ g·x̂, ∂z: Σ g",
            Onnx = "LayerNormalization",
        });
}
