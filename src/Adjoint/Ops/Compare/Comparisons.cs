using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether x &lt; y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Lt(Tensor other) => Relation.Of<Less>("lt", this, other.Given());

    /// <summary>Whether x ≤ y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Le(Tensor other) => Relation.Of<LessOrEqual>("le", this, other.Given());

    /// <summary>Whether x &gt; y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Gt(Tensor other) => Relation.Of<Greater>("gt", this, other.Given());

    /// <summary>Whether x ≥ y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Ge(Tensor other) => Relation.Of<GreaterOrEqual>("ge", this, other.Given());

    /// <summary>Whether x = y, element by element, with broadcasting: a Bool tensor. NaN equals nothing.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Eq(Tensor other) => Relation.Of<Equal>("eq", this, other.Given());

    /// <summary>Whether x ≠ y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Ne(Tensor other) => Relation.Of<NotEqual>("ne", this, other.Given());

    /// <summary>Whether x &lt; y, element by element, with broadcasting: a Bool tensor.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => x.Given().Lt(y.Given());

    /// <summary>Whether x &gt; y, element by element, with broadcasting: a Bool tensor.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => x.Given().Gt(y.Given());

    /// <summary>Whether x ≤ y, element by element, with broadcasting: a Bool tensor.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => x.Given().Le(y.Given());

    /// <summary>Whether x ≥ y, element by element, with broadcasting: a Bool tensor.</summary>
    public static Tensor operator >=(Tensor x, Tensor y) => x.Given().Ge(y.Given());
}

/// <summary>The driver of relations between two tensors, whose result is Bool and has no gradient.</summary>
internal static class Relation
{
    internal static Tensor Of<TComparison>(string name, Tensor x, Tensor y) where TComparison : struct, IComparison =>
        Door.Run(new Call<TComparison>(name), x, y);

    private static Tensor Compared<TComparison>(Here here, string name, Tensor x, Tensor y) where TComparison : struct, IComparison
    {
        Shape shape = Binary.BroadcastShape(name, x, y);
        DType dtype = Domain(x, y);
        (x, y) = (Binary.Operand(x, dtype), Binary.Operand(y, dtype));
        OperandOrder? order = OperandOrder.Of(shape, x, y);
        if (order is { } o) (x, y, shape) = (o.Of(x), o.Of(y), o.Shape);
        Tensor z = Tensor.Uninitialized(here, shape, DType.Bool);
        var work = new Work<TComparison>(x, y, z);
        Dispatch.Number(dtype, ref work);
        return order is { } seen ? seen.Back(z) : z;
    }

    // A comparison gives no dtype back that would have to be kept small, so nothing is rounded or wraps before it: 300 is above every
    // UInt8.
    private static DType Domain(Tensor x, Tensor y)
    {
        DType dtype = Promotion.Of(x, y);
        if (x.IsNumber == y.IsNumber) return dtype;
        (Tensor number, Tensor tensor) = x.IsNumber ? (x, y) : (y, x);
        if (tensor.DType.IsFloatingPoint) return dtype;
        return number.AsNumber.IsWhole ? DType.Int64 : DType.Float64;
    }

    private readonly struct Work<TComparison>(Tensor x, Tensor y, Tensor z) : INumberWork where TComparison : struct, IComparison
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            if (z.NumEl == 0) return;
            using var memory = new Loan();
            if (x.IsContiguous && y.IsContiguous && (x.NumEl == z.NumEl || x.NumEl == 1) && (y.NumEl == z.NumEl || y.NumEl == 1))
            {
                ElementWise.Compare<TComparison, T>(memory.Of<T>(x), memory.Of<T>(y), memory.Of<byte>(z));
            }
            else
            {
                (Tensor xRows, Tensor yRows) = Binary.InRows<T>(x, y, z.Shape);
                BroadcastPlan plan = BroadcastPlan.Of(z.Shape, xRows, yRows);
                ElementWise.Compare<TComparison, T>(plan.AsBroadcast(), memory.From<T>(xRows), memory.From<T>(yRows), memory.Of<byte>(z));
            }
        }
    }

    private struct TileWork<TComparison> : INumberWork where TComparison : struct, IComparison
    {
        internal TileKernel? Kernel { get; private set; }

        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T> => Kernel = ElementWise.CompareTile<TComparison, T>();
    }

    private readonly struct Call<TComparison>(string name) : ITensorOperation, ITileOperation, IByHand
        where TComparison : struct, IComparison
    {
        public string Name => name;

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x) => Compared<TComparison>(here, name, x[0]!, x[1]!);

        public TileKernel? Tile(GraphOperation call)
        {
            if (!TileCalls.GivesPlain(call) || call.Inputs is not [{ } x, { } y]) return null;
            DType dtype = x.Value.Memory.Role == GraphRole.Number ? y.DType : x.DType;
            if (!dtype.IsFloatingPoint || !TileCalls.IsOf(x, dtype) || !TileCalls.IsOf(y, dtype)) return null;
            var work = new TileWork<TComparison>();
            Dispatch.Number(dtype, ref work);
            return work.Kernel;
        }

        public void Write(Hand hand)
        {
            DType dtype = Domain(hand.StandIn(0), hand.StandIn(1));
            string word = dtype.IsBool ? "byte" : dtype.Row.CSharp;
            Shape shape = hand.Result.Shape;
            hand.Each(e =>
            {
                string x = hand.Element(e[1], word), y = hand.Element(e[2], word);
                // What does not equal itself is NaN.
                bool asksForNaN = x == y && TComparison.Sign == "!=" && dtype.IsFloatingPoint;
                hand.Store(e[0], asksForNaN ? $"{word}.IsNaN({x})" : $"{x} {TComparison.Sign} {y}");
            }, hand.Result, hand.Input(0).Expanded(shape), hand.Input(1).Expanded(shape));
        }
    }
}

public static partial class OpTable
{
    private static Op Lt => Op.Of(OpKind.Zero, "lt", (x, y) => x < y, Matrix, Row,
        new() { Formula = "x < y", Torch = "x < y", Onnx = "Less" });
}
