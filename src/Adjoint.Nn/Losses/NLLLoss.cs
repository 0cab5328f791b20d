using System.Numerics;

namespace Adjoint.Nn;

/// <summary>Negative log likelihood: minus the logarithm of the probability that the input gives to the right class.</summary>
/// <param name="weight">What each class weighs, or null for 1; the mean divides by the sum of the targets' weights.</param>
/// <param name="ignoreIndex">A target that counts for nothing; any whole number.</param>
/// <param name="reduction">What becomes of the losses of single places.</param>
public sealed class NLLLoss(Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly Tensor? _weight = weight?.AsBuffer();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.NllLoss(input, target, _weight, ignoreIndex, Reduction);
}

public static partial class F
{
    /// <summary>−w[t]·x[t] at the right class t of each place.</summary>
    /// <param name="input">Logarithms of probabilities [N, C, …] or [C].</param>
    /// <param name="target">Classes [N, …] or a single one, of an integer dtype.</param>
    /// <param name="weight">w [C], or null for 1; the mean divides by the sum of the targets' weights.</param>
    /// <param name="ignoreIndex">A target that counts for nothing.</param>
    /// <param name="reduction">What becomes of the losses of single places.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The targets are not integers.</exception>
    /// <exception cref="TensorIndexException">A target is no class.</exception>
    public static Tensor NllLoss(
        Tensor input, Tensor target, Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean)
    {
        ClassTargets targets = ClassTargets.Of("NllLoss", input.Given(), target.Given(), weight, ignoreIndex);
        return weight is not null && History.IsWanted(weight)
            ? new WeightedTargets(targets, weight).Nll(input, reduction)
            : NllLossOp.Apply(input, targets, reduction);
    }
}

/// <summary>y = −Σ w[t]·x[t] (over Σ w[t] for the mean): linear in x; its transpose puts −w[t]·g at the right classes.</summary>
internal readonly struct NllLossOp(ClassTargets targets, Reduction reduction) : ILinearInto, IHolder<NllLossOp>, IByHand
{
    public bool IsPlain => false;

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => NllInto.Fits(call, reduction) && call.Inputs[0]!.IsContiguous;

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        var work = new NllInto.Sum(targets, x[0]!, x[1]!, y, reduction == Reduction.Mean);
        Dispatch.Floating(y.DType, "NllLoss", ref work);
    }

    public IReadOnlyList<Tensor> Held => targets.Held;

    public NllLossOp Holding(IReadOnlyList<Tensor> held) => new(targets.Holding(held), reduction);

    public void Describe(OpAttributes to)
    {
        to.Add("reduction", reduction);
        targets.Describe(to);
    }

    public string NodeName => "NllLossBackward0";

    internal static Tensor Apply(Tensor x, ClassTargets targets, Reduction reduction) =>
        Adjoint.Linear.Apply(new NllLossOp(targets, reduction), x);

    public Tensor Forward(Tensor x)
    {
        Tensor source = Elements.ToContiguous(x);
        if (reduction == Reduction.None)
        {
            var picking = new PickWork(targets, source, Tensor.Uninitialized(targets.Places, x.DType));
            Dispatch.Floating(x.DType, "NllLoss", ref picking);
            return picking.Each;
        }
        var summing = new SumWork(targets, source);
        Dispatch.Floating(x.DType, "NllLoss", ref summing);
        return Tensor.Scalar(reduction == Reduction.Mean ? summing.Sum / targets.TotalWeight : summing.Sum, x.DType);
    }

    private readonly struct PickWork(ClassTargets targets, Tensor x, Tensor each) : IFloatingWork
    {
        public Tensor Each => each;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            targets.Pick<T>(memory.Of<T>(x), memory.Of<T>(each));
        }
    }

    private struct SumWork(ClassTargets targets, Tensor x) : IFloatingWork
    {
        public double Sum { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Sum = targets.PickSum<T>(memory.Of<T>(x));
        }
    }

    public Tensor Apply(Tensor x) => Apply(x, targets, reduction);

    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0), y = hand.Result;
        HandTensor? weight = hand.InputOrNull(2);
        (string word, bool isEach, bool isMean) = (x.Word, reduction == Reduction.None, reduction == Reduction.Mean);
        if (!isEach) hand.Line(isMean ? "double sum = 0, total = 0;" : "double sum = 0;");
        targets.Write(hand, x, isEach ? y : null, (at, each) =>
        {
            string w = weight is null ? "" : hand.Element(weight.At("label"));
            string loss = weight is null ? $"-{hand.Element(at)}" : $"-{Hand.Converted(w, weight.Word, word)} * {hand.Element(at)}";
            if (isEach) hand.Store(each!, loss);
            else hand.Line($"sum += {loss};");
            if (isMean) hand.Line($"total += {(weight is null ? "1" : w)};");
        });
        if (!isEach) hand.Store(y, Hand.Converted(isMean ? "sum / total" : "sum", "double", word));
    }

    public Tensor Transpose(Tensor g, TensorFacts x) => Adjoint.Linear.Apply(new NllScatterOp(targets, reduction, x.Shape), g);
}

/// <summary>The transpose of <see cref="NllLossOp"/>, whose own transpose is that again.</summary>
internal readonly struct NllScatterOp(ClassTargets targets, Reduction reduction, Shape shape)
    : ILinearInto, IHolder<NllScatterOp>, IByHand
{
    public bool IsPlain => false;

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => NllInto.Fits(call, reduction);

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y)
    {
        var work = new NllInto.Scatter(targets, x[0]!, x[1]!, y, reduction == Reduction.Mean);
        Dispatch.Floating(y.DType, "NllLoss", ref work);
    }

    public IReadOnlyList<Tensor> Held => targets.Held;

    public NllScatterOp Holding(IReadOnlyList<Tensor> held) => new(targets.Holding(held), reduction, shape);

    public void Describe(OpAttributes to)
    {
        to.Add("reduction", reduction);
        to.Add("shape", shape);
        targets.Describe(to);
    }

    public string NodeName => "NllLossBackwardBackward0";

    public Tensor Forward(Tensor g)
    {
        Tensor dx = Tensor.Uninitialized(shape, g.DType);
        Tensor source = Elements.ToContiguous(g);
        var work = new ScatterWork(targets, reduction == Reduction.Mean ? g.Item() / targets.TotalWeight : null, source, dx);
        Dispatch.Floating(g.DType, "NllLoss", ref work);
        return dx;
    }

    private readonly struct ScatterWork(ClassTargets targets, double? mean, Tensor g, Tensor dx) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            if (mean is { } one) targets.Spread<T>([T.CreateTruncating(one)], memory.Of<T>(dx));
            else targets.Spread<T>(memory.Of<T>(g), memory.Of<T>(dx));
        }
    }

    public Tensor Apply(Tensor g) => Adjoint.Linear.Apply(this, g);

    public void Write(Hand hand)
    {
        HandTensor g = hand.Input(0), dx = hand.Result;
        HandTensor? weight = hand.InputOrNull(2);
        (string word, bool isMean) = (dx.Word, reduction == Reduction.Mean);
        if (isMean)
        {
            // Each of those that count has its share.
            hand.Line("double total = 0;");
            targets.Write(hand, dx, null, (_, _) => hand.Line($"total += {(weight is null ? "1" : hand.Element(weight.At("label")))};"));
            hand.Line($"{word} share = {Hand.Converted($"{hand.Element(g, "double")} / total", "double", word)};");
        }
        bool isOne = g.Shape.NumEl == 1;
        targets.Write(hand, dx, isMean || isOne ? null : g, (at, each) =>
        {
            string slope = isMean ? "share" : hand.Element(each ?? g.As([], [], g.Offset));
            hand.Store(at, weight is null ? $"-{slope}"
                : $"-{Hand.Converted(hand.Element(weight.At("label")), weight.Word, word)} * {slope}");
        });
    }

    public Tensor Transpose(Tensor h, TensorFacts g) => NllLossOp.Apply(h, targets, reduction);
}
