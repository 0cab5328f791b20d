using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>y = the elements of x that a plan chooses; its transpose adds each gradient to its place among zeros.</summary>
internal readonly struct IndexOp(string nodeName, IndexPlan plan) : ILinearOp, IByHand, IHolder<IndexOp>
{
    public void Describe(OpAttributes to) => plan.Describe(to);

    public IReadOnlyList<Tensor> Held => [plan.Places];

    public IndexOp Holding(IReadOnlyList<Tensor> held) => new(nodeName, plan.Choosing(held[0]));

    public string NodeName => nodeName;

    internal static Tensor Apply(string nodeName, IndexPlan plan, Tensor x) => Linear.Apply(new IndexOp(nodeName, plan), x);

    public Tensor Forward(Tensor x)
    {
        Tensor ordered = Elements.ToContiguous(plan.Ordered(x));
        var work = new Work(plan, ordered, Tensor.Uninitialized(plan.Result(ordered.Shape), x.DType));
        Dispatch.Moving(x.DType, ref work);
        return work.Y;
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public void Write(Hand hand) => plan.Write(
        hand, hand.Input(0), hand.Input(1), hand.Result, (x, y) => hand.Store(y, hand.Element(x)));

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new IndexTransposeOp(nodeName, plan.Unchanged(NodeName), x.Shape), g);

    private readonly struct Work(IndexPlan plan, Tensor x, Tensor y) : IMovingWork
    {
        internal readonly Tensor Y = y;

        public void Run<T>() where T : unmanaged
        {
            (int outer, int n, int inner) = plan.Blocks(x.Shape);
            using var memory = new Loan();
            Slices.Gather<T>(memory.Of<T>(x), outer, n, inner, memory.Of<long>(plan.Places), memory.Of<T>(Y));
        }
    }
}

/// <summary>
/// x = zeros of a shape to which the gradient of what a plan chooses is added; the transpose of <see cref="IndexOp"/> and conversely.
/// </summary>
internal readonly struct IndexTransposeOp(string nodeName, IndexPlan plan, Shape shape) : ILinearOp, IHolder<IndexTransposeOp>, IByHand
{
    public void Describe(OpAttributes to)
    {
        plan.Describe(to);
        to.Add("size", shape);
    }

    public IReadOnlyList<Tensor> Held => [plan.Places];

    public IndexTransposeOp Holding(IReadOnlyList<Tensor> held) => new(nodeName, plan.Choosing(held[0]), shape);

    public string NodeName => nodeName.Replace("Backward", "BackwardBackward", StringComparison.Ordinal);

    public Tensor Forward(Tensor g)
    {
        Tensor sum = Tensor.Zeros(plan.Ordered(shape), g.DType);
        var work = new Work(plan, Elements.ToContiguous(g), sum);
        Dispatch.Number(g.DType, ref work);
        return plan.Restored(sum);
    }

    public Tensor Apply(Tensor g) => Linear.Apply(this, g);

    public void Write(Hand hand) => plan.Write(
        hand, hand.Result, hand.Input(1), hand.Input(0), (sum, g) => hand.Line($"{hand.Element(sum)} += {hand.Element(g)};"));

    public Tensor Transpose(Tensor g, TensorFacts x) => IndexOp.Apply(nodeName, plan, g);

    private readonly struct Work(IndexPlan plan, Tensor g, Tensor sum) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            (int outer, int n, int inner) = plan.Blocks(sum.Shape);
            using var memory = new Loan();
            Slices.ScatterAdd(memory.Of<T>(g), memory.Of<long>(plan.Places), memory.Of<T>(sum), outer, n, inner);
        }
    }
}
