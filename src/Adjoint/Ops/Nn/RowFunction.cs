using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A function of whole rows of a tensor whose slopes are known from its result y.</summary>
internal interface IRowFunction : IRowSlope
{
    /// <summary>As PyTorch spells it.</summary>
    static abstract string Name { get; }

    /// <summary>y from x over the middle one of three dimensions.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The tangent of y in tensor operations.</summary>
    static abstract Tensor Jvp(Tensor t, Tensor y, int dim);

    /// <summary>Writes a row of y by hand.</summary>
    static virtual void Write(Hand hand, HandTensor x, HandTensor y) => throw hand.Refused("");

}

/// <summary>The driver of row functions.</summary>
internal static class RowFunction
{
    internal static Tensor Apply<TFunction>(Tensor x, int dim) where TFunction : struct, IRowFunction
    {
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{TFunction.Name}: needs a floating-point tensor, but got {x.DType}. Pass dtype: DType.Float32.");
        return Door.Run(new Call<TFunction>(x.Shape.Wrap(dim)), x);
    }

    /// <summary>The gradient of x in tensor operations, which can be differentiated again.</summary>
    internal static Tensor Vjp<TFunction>(Tensor g, Tensor y, int dim) where TFunction : struct, IRowFunction =>
        TFunction.Slope(g, y, TFunction.Summed(g, y).Sum(dim, keepDim: true));

    internal static (int Outer, int N, int Inner) Block(Shape shape, int dim)
    {
        int outer = 1, inner = 1;
        for (int d = 0; d < dim; d++) outer *= shape[d];
        for (int d = dim + 1; d < shape.NDim; d++) inner *= shape[d];
        return (outer, shape.NDim == 0 ? 1 : shape[dim], inner);
    }

    private readonly struct Call<TFunction>(int dim) : ITensorOperation, IIntoOperation, IByHand where TFunction : struct, IRowFunction
    {
        public string Name => TFunction.Name;

        public void Describe(OpAttributes to) => to.Add("dim", dim);

        public void Write(Hand hand) => hand.Rows(dim, e => TFunction.Write(hand, e[0], e[1]), hand.Input(0), hand.Result);

        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
        {
            var work = new Work<TFunction>(Elements.ToContiguous(x[0]!), results[0]!, dim);
            Dispatch.Floating(x[0]!.DType, TFunction.Name, ref work);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, source = Elements.ToContiguous(x), y = Tensor.Uninitialized(here, x.Shape, x.DType);
            var work = new Work<TFunction>(source, y, dim);
            Dispatch.Floating(x.DType, TFunction.Name, ref work);
            return History.IsWanted(here, x)
                ? History.Record(
                    here, y, new RuleNode<RowFunctionRule<TFunction>>(here, new RowFunctionRule<TFunction>(here, y, dim), x), x)
                : y;
        }
    }

    private readonly struct Work<TFunction>(Tensor x, Tensor y, int dim) : IFloatingWork where TFunction : struct, IRowFunction
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int outer, int n, int inner) = Block(y.Shape, dim);
            using var memory = new Loan();
            TFunction.Forward<T>(memory.Of<T>(x), memory.Of<T>(y), outer, n, inner);
        }
    }
}

/// <summary>The rule of a row function.</summary>
internal struct RowFunctionRule<TFunction>(Here here, Tensor y, int dim) : IRule where TFunction : struct, IRowFunction
{
    private static readonly string s_name = Adjoint.NodeName.Of(TFunction.Name);

    private Saved _y = Saved.Output(here, y);

    public readonly string NodeName => s_name;

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor y = _y.Get(node);
        dx[0] = Here.Now.IsObserved ? RowFunction.Vjp<TFunction>(g[0]!, y, dim) : Door.Run(new RowGradient<TFunction>(dim), g[0]!, y);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => dy[0] = TFunction.Jvp(t[0]!, _y.Get(node), dim);

    public readonly void Show(SavedValues to)
    {
        to.Add("result", _y);
        to.Attributes.Add("dim", dim);
    }

    public void Free() => _y.Free();
}

/// <summary>The gradient of a row function in one pass.</summary>
internal readonly struct RowGradient<TFunction>(int dim) : ITensorOperation, IIntoOperation, IByHand where TFunction : struct, IRowFunction
{
    public string Name => TFunction.Name + "_backward";

    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public void Write(Hand hand)
    {
        string word = hand.Result.Word;
        string Summed(HandTensor[] e) => HandFormula.Line(hand, word, new SummedText(), hand.Element(e[0]), hand.Element(e[1]));
        // Where the gradient itself is summed, its row is.
        bool isPlain = HandFormula.Line(hand, word, new SummedText(), "g", "y") == "g";
        hand.Rows(dim, e =>
        {
            HandTensor[] rows = isPlain ? [e[0]] : [e[0], e[1]];
            string sum = hand.Fold(HandFold.Sum, "sum", isPlain ? null : Summed, false, rows);
            hand.Each(at => hand.Store(
                at[2], HandFormula.Line(hand, word, new SlopeText(), hand.Element(at[0]), hand.Element(at[1]), sum)), e);
        }, hand.Input(0), hand.Input(1), hand.Result);
    }

    private readonly struct SummedText : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [TFunction.Summed(x[0], x[1])];
    }

    private readonly struct SlopeText : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [TFunction.Slope(x[0], x[1], x[2])];
    }

    public bool MayOverwrite => false;

    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call) && call.Inputs[1] is { IsContiguous: true };

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
        var work = new Work(Elements.ToContiguous(x[0]!), x[1]!, results[0]!, dim);
        Dispatch.Floating(x[1]!.DType, TFunction.Name, ref work);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor g = Elements.ToContiguous(inputs[0]!), y = inputs[1]!, dx = Tensor.Uninitialized(here, y.Shape, y.DType);
        var work = new Work(g, y, dx, dim);
        Dispatch.Floating(y.DType, TFunction.Name, ref work);
        return dx;
    }

    private readonly struct Work(Tensor g, Tensor y, Tensor dx, int dim) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int outer, int n, int inner) = RowFunction.Block(y.Shape, dim);
            using var memory = new Loan();
            RowSlopes<TFunction>.Run<T>(memory.Of<T>(g), memory.Of<T>(y), outer, n, inner, memory.Of<T>(dx));
        }
    }
}
