using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether an element is zero: a Bool tensor.</summary>
    public Tensor LogicalNot() => DType.Row.IsMask ? Logic.Not(this) : Eq(Zeros(Adjoint.Shape.Scalar, DType));

    /// <summary>Whether both elements are different from zero, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LogicalAnd(Tensor other) => Logic.Of(new LogicalAnd(), this, other.Given());

    /// <summary>Whether an element of either is different from zero, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LogicalOr(Tensor other) => Logic.Of(new LogicalOr(), this, other.Given());

    /// <summary>Whether exactly one of both elements is different from zero, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LogicalXor(Tensor other) => Logic.Of(new LogicalXor(), this, other.Given());

    /// <summary><see cref="LogicalAnd"/>.</summary>
    public static Tensor operator &(Tensor x, Tensor y) => x.Given().LogicalAnd(y.Given());

    /// <summary><see cref="LogicalOr"/>.</summary>
    public static Tensor operator |(Tensor x, Tensor y) => x.Given().LogicalOr(y.Given());

    /// <summary><see cref="LogicalXor"/>.</summary>
    public static Tensor operator ^(Tensor x, Tensor y) => x.Given().LogicalXor(y.Given());

    /// <summary><see cref="LogicalNot"/>.</summary>
    public static Tensor operator !(Tensor x) => x.Given().LogicalNot();

    /// <summary>Whether any element is different from zero: a Bool tensor without dimensions.</summary>
    public Tensor Any() => Logic.Any(this, [], false);

    /// <summary>Whether any element along a dimension is different from zero.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public Tensor Any(int dim, bool keepDim = false) => Logic.Any(this, [dim], keepDim);

    /// <summary>Whether all elements are different from zero: a Bool tensor without dimensions.</summary>
    public Tensor All() => Logic.All(this, [], false);

    /// <summary>Whether all elements along a dimension are different from zero.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    public Tensor All(int dim, bool keepDim = false) => Logic.All(this, [dim], keepDim);

    /// <summary>How many elements are different from zero: an Int64 tensor without dimensions.</summary>
    public Tensor CountNonZero() => Detach().To(DType.Bool).Sum();

    /// <summary>How many elements along a dimension are different from zero.</summary>
    public Tensor CountNonZero(int dim) => Detach().To(DType.Bool).Sum(dim);
}

/// <summary>Logic on tensors: an element counts as true when it is different from zero.</summary>
internal static class Logic
{
    internal static Tensor Of<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp => Door.Run(new CombineOp<TOp>(op), x, y);

    /// <summary>Of bytes and bools, a register of them at a time.</summary>
    internal static Tensor Not(Tensor x) => Door.Run(new NotOp(), x);

    internal static Tensor Any(Tensor x, ReadOnlySpan<int> dim, bool keepDim) =>
        Door.Run(new SomeOp(all: false, Reduction.Dims(x, dim), keepDim), x);

    internal static Tensor All(Tensor x, ReadOnlySpan<int> dim, bool keepDim) =>
        Door.Run(new SomeOp(all: true, Reduction.Dims(x, dim), keepDim), x);

    private static Tensor Combined<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp
    {
        Tensor z = Tensor.Uninitialized(Binary.BroadcastShape(TOp.Name, x, y), DType.Bool);
        if (z.NumEl == 0) return z;
        Tensor a = Binary.Operand(x, DType.Bool), b = Binary.Operand(y, DType.Bool);
        using var memory = new Loan();
        if (a.IsContiguous && b.IsContiguous && a.NumEl == z.NumEl && b.NumEl == z.NumEl)
        {
            ElementWise.Binary(op, memory.Of<byte>(a), memory.Of<byte>(b), memory.Of<byte>(z));
        }
        else
        {
            BroadcastPlan plan = BroadcastPlan.Of(z.Shape, a, b);
            ElementWise.Binary(op, plan.AsBroadcast(), memory.From<byte>(a), memory.From<byte>(b), memory.Of<byte>(z));
        }
        return z;
    }

    private static Tensor Inverted(Tensor x)
    {
        x = Elements.ToContiguous(x);
        Tensor y = Tensor.Uninitialized(x.Shape, DType.Bool);
        using var memory = new Loan();
        ElementWise.Unary(new LogicalNot(), memory.Of<byte>(x), memory.Of<byte>(y));
        return y;
    }

    // An element as a condition.
    private static string Truth(Hand hand, HandTensor x) =>
        x.DType.IsBool ? hand.Element(x) : $"({hand.Element(x)} != 0)";

    private static Tensor AnyOf(Tensor x, int[] dims, bool keepDim)
    {
        Tensor y = Tensor.Uninitialized(Reduction.Result(x.Shape, dims, keepDim), DType.Bool);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(Binary.Operand(x, DType.Bool), dims);
        using var memory = new Loan();
        Reduce.Any(memory.Of<byte>(block), outer, n, inner, memory.Of<byte>(y));
        return y;
    }

    private static Tensor AllOf(Tensor x, int[] dims, bool keepDim)
    {
        Tensor y = Tensor.Uninitialized(Reduction.Result(x.Shape, dims, keepDim), DType.Bool);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(Binary.Operand(x, DType.Bool), dims);
        using var memory = new Loan();
        Reduce.All(memory.Of<byte>(block), outer, n, inner, memory.Of<byte>(y));
        return y;
    }

    private readonly struct CombineOp<TOp>(TOp op) : ITensorOperation, IByHand where TOp : struct, IBinaryOp
    {
        public string Name => TOp.Name;

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Combined(op, x[0]!, x[1]!);

        public void Write(Hand hand)
        {
            string sign = TOp.Name switch { "logical_and" => "&", "logical_or" => "|", _ => "^" };
            Shape shape = hand.Result.Shape;
            hand.Each(e => hand.Store(e[0], $"{Truth(hand, e[1])} {sign} {Truth(hand, e[2])}"), hand.Result, hand.Input(0).Expanded(shape),
                hand.Input(1).Expanded(shape));
        }
    }

    private readonly struct NotOp : ITensorOperation, IByHand
    {
        public string Name => "logical_not";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Inverted(x[0]!);

        public void Write(Hand hand) => hand.Each(e => hand.Store(e[0], $"!{Truth(hand, e[1])}"), hand.Result, hand.Input(0));
    }

    private readonly struct SomeOp(bool all, int[] dims, bool keepDim) : ITensorOperation, IByHand
    {
        public string Name => all ? "all" : "any";

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dims);
            to.Add("keepdim", keepDim);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => all ? AllOf(x[0]!, dims, keepDim) : AnyOf(x[0]!, dims, keepDim);

        public void Write(Hand hand)
        {
            (bool isAll, int[] reduced) = (all, dims);
            HandSums.Rows(hand, hand.Input(0), reduced, hand.Result, (x, y) =>
            {
                hand.Store(y, isAll ? "true" : "false");
                hand.Each(e => hand.Store(y, $"{hand.Element(y)} {(isAll ? "&" : "|")} {Truth(hand, e[0])}"), x);
            });
        }
    }
}

public static partial class OpTable
{
    private static Op LogicalAnd => Op.Of(OpKind.Zero, "logical_and", (x, y) => x & y, Matrix, Row,
        new() { Formula = "x ≠ 0 and y ≠ 0", Torch = "x.logical_and(y)" });

    private static Op Any => Op.Of(OpKind.Zero, "any", x => x.Any(1), Matrix,
        new() { Formula = "whether any x ≠ 0", Torch = "x.bool().any(1)" });

    private static Op CountNonZero => Op.Of(OpKind.Zero, "count_nonzero", x => x.CountNonZero(), Matrix,
        new() { Formula = "how many x ≠ 0", Torch = "x.count_nonzero()" });
}
