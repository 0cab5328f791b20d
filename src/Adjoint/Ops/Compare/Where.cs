using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// <paramref name="x"/> where the condition holds, otherwise <paramref name="y"/>, with broadcasting and in their common dtype.
    /// </summary>
    /// <param name="condition">A Bool tensor (or UInt8, where other than 0 counts as true).</param>
    /// <param name="x">What is taken where it holds; a tensor or a number.</param>
    /// <param name="y">What is taken elsewhere; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The condition is neither Bool nor UInt8, or a number is out of the range of the other's
    /// dtype.</exception>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y) => WhereOp.Where(condition.Given(), x.Given(), y.Given());
}

/// <summary>z = x where the condition holds, else y.</summary>
internal readonly struct WhereOp : ITensorOperation, ITileOperation, IByHand
{
    public string Name => "where";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor condition = inputs[0]!, x = inputs[1]!, y = inputs[2]!, z = Select(condition, x, y);
        return History.IsWanted(here, x, y)
            ? History.Record(here, z, new RuleNode<WhereRule>(here, new WhereRule(here, condition, x, y, z), x, y), x, y)
            : z;
    }

    public TileKernel? Tile(GraphOperation call)
    {
        if (!TileCalls.GivesPlain(call) || call.Inputs is not [{ DType.Row.IsMask: true }, { } x, { } y]) return null;
        DType dtype = call.Results[0]!.DType;
        if (!TileCalls.IsOf(x, dtype) || !TileCalls.IsOf(y, dtype)) return null;
        var work = new TileWork();
        Dispatch.Moving(dtype, ref work);
        return work.Kernel;
    }

    private struct TileWork : IMovingWork
    {
        internal TileKernel? Kernel { get; private set; }

        public void Run<T>() where T : unmanaged => Kernel = ElementWise.SelectTile<T>();
    }

    public void Write(Hand hand)
    {
        HandTensor z = hand.Result;
        hand.Each(e => hand.Store(e[0], $"{Condition(hand, e[1])} ? {hand.Element(e[2], z.Word)} : {hand.Element(e[3], z.Word)}"),
            z, hand.Input(0).Expanded(z.Shape), hand.Input(1).Expanded(z.Shape), hand.Input(2).Expanded(z.Shape));
    }

    internal static string Condition(Hand hand, HandTensor x) => x.DType.IsBool ? hand.Element(x) : $"{hand.Element(x)} != 0";

    internal static Tensor Where(Tensor condition, Tensor x, Tensor y) => Door.Run(new WhereOp(), condition, x, y);

    private static Tensor Select(Tensor condition, Tensor x, Tensor y)
    {
        if (!condition.DType.Row.IsMask)
            throw new DTypeException(
                $"Where: the condition must be Bool, but is {condition.DType}. Compare it with something, or convert it with "
                + "To(DType.Bool).");
        Shape shape = Binary.BroadcastShape("where", x, y);
        shape = Layout.Broadcast(condition.Shape, shape)
            ?? throw new ShapeException(
                $"where: the condition of shape {condition.Shape} does not broadcast with {shape}; counted from the end, sizes must be "
                + "equal or 1.");
        DType dtype = Promotion.Of(x, y);
        if (x.IsNumber) x.AsNumber.Fitting("where", dtype);
        if (y.IsNumber) y.AsNumber.Fitting("where", dtype);
        Tensor z = Tensor.Uninitialized(shape, dtype);
        var work =
            new Work(Operand(condition, shape), Operand(Binary.Operand(x, dtype), shape), Operand(Binary.Operand(y, dtype), shape), z);
        Dispatch.Moving(dtype, ref work);
        return z;
    }

    /// <summary>One element, or all of the result's one after the other.</summary>
    private static Tensor Operand(Tensor x, Shape shape) => x.NumEl == 1 || x.Shape.Equals(shape) ? Elements.ToContiguous(x)
        : Elements.ToContiguous(x.Alias(shape, Layout.ExpandStrides(x.Shape, x.Strides, shape), x.Offset));

    private readonly struct Work(Tensor condition, Tensor x, Tensor y, Tensor z) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            ElementWise.Select<T>(memory.Of<byte>(condition), memory.Of<T>(x), memory.Of<T>(y), memory.Of<T>(z));
        }
    }
}

/// <summary>Each argument gets the gradient where it was taken.</summary>
internal struct WhereRule(Here here, Tensor condition, Tensor x, Tensor y, Tensor z) : IRule
{
    private readonly TensorFacts _x = TensorFacts.Of(x), _y = TensorFacts.Of(y), _z = TensorFacts.Of(z);
    private Saved _condition = Saved.Input(here, condition);

    public readonly string NodeName => "WhereBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor condition = _condition.Get(node);
        if (wanted[0]) dx[0] = Tensor.Where(condition, g[0]!, 0).SumTo(_x.Shape).To(_x.DType);
        if (wanted[1]) dx[1] = Tensor.Where(condition, 0, g[0]!).SumTo(_y.Shape).To(_y.DType);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor zero = Tensor.Zeros(Shape.Scalar, _z.DType);
        dy[0] = Tensor.Where(_condition.Get(node), t[0]?.To(_z.DType) ?? zero, t[1]?.To(_z.DType) ?? zero).Expand(_z.Shape);
    }

    public readonly void Show(SavedValues to) => to.Add("condition", _condition);

    public void Free() => _condition.Free();
}

public static partial class OpTable
{
    private static Op Where => Op.Of(OpKind.Linear, "where", (x, y) => Tensor.Where(Chosen(x), x, y), Matrix, Row,
        new() { Formula = "x where the condition holds, elsewhere y", Torch = "torch.where(chosen(x), x, y)", Onnx = "Where" });
}
