using System.Numerics;

namespace Adjoint.Nn;

/// <summary>How much the scores of classes that are not right come nearer than 1 to those of each that is.</summary>
/// <param name="reduction">What becomes of the losses of single rows.</param>
public sealed class MultiLabelMarginLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.MultilabelMarginLoss(input, target, Reduction);
}

public static partial class F
{
    /// <summary>Σ max(0, 1 − x[t] + x[i])/C over the right classes t and all others i, averaged or added up.</summary>
    /// <param name="input">x: scores [N, C] or [C].</param>
    /// <param name="target">The right classes of each row, up to the first number below 0; of the same shape, and of an integer
    /// dtype.</param>
    /// <param name="reduction">What becomes of the losses of single rows.</param>
    /// <exception cref="ShapeException">The shapes differ, or are of more than two dimensions.</exception>
    /// <exception cref="DTypeException">The input is not of floating point, or the target not of integers.</exception>
    /// <exception cref="TensorIndexException">A target is no class.</exception>
    public static Tensor MultilabelMarginLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
    {
        try
        {
            input.Given();
            target.Given();
            PointwiseLoss.CheckShapes("MultilabelMarginLoss", input, target);
            MarginLosses.CheckFloat("MultilabelMarginLoss", input, nameof(input));
            if (target.DType.Row.Kind != DTypeKind.Whole)
                throw new DTypeException($"MultilabelMarginLoss: targets must be of integers, but are {target.DType} {target.Shape}.");
            if (input.NDim > 2)
                throw new ShapeException($"MultilabelMarginLoss: needs scores [N, C] or [C], but the input has shape {input.Shape}.");
            Tensor rows = input.NDim == 2 ? input : input.Reshape(1, input.NumEl);
            int classes = rows.Shape[1];
            // Where the pairs that count do not change the loss is linear.
            Tensor factors = Door.Run(new MarginPairsOp(), rows.Detach(), target.Reshape(rows.Shape));
            Tensor ofScores = factors.Narrow(1, 0, classes);
            Tensor each = (rows.MaskedFill(ofScores.Eq(0), 0) * ofScores).Sum(-1) + factors.Select(1, classes);
            if (classes > 0) each /= classes;
            return PointwiseLoss.Reduced(input.NDim == 2 ? each : each.Squeeze(0), reduction);
        }
        catch (TensorException e) when (e.IsOf(nameof(MultilabelMarginLoss)))
        {
            throw;
        }
    }
}

/// <summary>
/// How often each score is in a pair of a right class and another that is nearer than 1, less how often as the right one; and, last of
/// each row, how many such pairs there are.
/// </summary>
internal readonly struct MarginPairsOp : ITensorOperation, IByHand
{
    public string Name => "multilabel_margin_pairs";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = Elements.ToContiguous(inputs[0]!), factors = Tensor.Zeros([x.Shape[0], x.Shape[1] + 1], x.DType);
        var work = new Work(x, Elements.ToArray<long>(inputs[1]!), factors);
        Dispatch.Floating(x.DType, "MultilabelMarginLoss", ref work);
        return factors;
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0);
        int classes = x.Shape[1];
        hand.Over(1, e =>
        {
            (HandTensor scores, HandTensor labels, HandTensor factors) = (e[0], e[1], e[2]);
            hand.Line($"var isRight = new bool[{classes}];");
            void Right(string name, Action body) => hand.Block($"for (int {name} = 0; {name} < {classes}; {name}++)", () =>
            {
                hand.Line($"if ({hand.Element(labels.At(name), "long")} < 0) break;");
                hand.Line($"int label = (int){HandIndex.Checked(hand, hand.Element(labels.At(name), "long"), classes, wrap: false)};");
                body();
            });
            Right("first", () => hand.Line("isRight[label] = true;"));
            Right("right", () => hand.Block($"for (int other = 0; other < {classes}; other++)", () => hand.Block(
                $"if (!isRight[other] && 1 - {hand.Element(scores.At("label"))} + {hand.Element(scores.At("other"))} > 0)", () =>
                {
                    string one = Hand.One(x.Word);
                    hand.Store(factors.At("label"), $"{hand.Element(factors.At("label"))} - {one}");
                    hand.Store(factors.At("other"), $"{hand.Element(factors.At("other"))} + {one}");
                    hand.Store(factors.At($"{classes}"), $"{hand.Element(factors.At($"{classes}"))} + {one}");
                })));
        }, x, hand.Input(1), hand.Result);
    }

    private readonly struct Work(Tensor x, long[] labels, Tensor factors) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            int classes = x.Shape[1];
            for (int row = 0; row < x.Shape[0]; row++)
                Row<T>(memory.Of<T>(x).Slice(row * classes, classes), labels.AsSpan(row * classes, classes),
                    memory.Of<T>(factors).Slice(row * (classes + 1), classes + 1));
        }

        private static void Row<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> labels, Span<T> factors)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int count = labels.IndexOfAnyExceptInRange(0, long.MaxValue);
            if (count >= 0) labels = labels[..count];
            var isRight = new bool[x.Length];
            foreach (long label in labels)
            {
                if (label >= x.Length)
                    throw new TensorIndexException(
                        $"MultilabelMarginLoss: target {label} is out of bounds; there are {x.Length} classes, 0 to {x.Length - 1}.");
                isRight[label] = true;
            }
            foreach (long label in labels)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    if (isRight[i] || !(T.One - x[(int)label] + x[i] > T.Zero)) continue;
                    factors[(int)label] -= T.One;
                    factors[i] += T.One;
                    factors[^1] += T.One;
                }
            }
        }
    }
}
