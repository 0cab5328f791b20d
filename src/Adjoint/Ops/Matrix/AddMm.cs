using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>β·this + α·(a·b): a product of two matrices added to this tensor, which broadcasts to its shape.</summary>
    /// <param name="a">A matrix [m, k].</param>
    /// <param name="b">A matrix [k, n].</param>
    /// <param name="beta">The factor of this tensor; with 0 it is not read.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor AddMm(Tensor a, Tensor b, double beta = 1, double alpha = 1) => AddMmOp.Apply(this, a.Given(), b.Given(), beta, alpha);
}

/// <summary>z = β·c + α·op(A)·op(B),   dc = β·g (summed over what c was broadcast along),   dA, dB as of a product.</summary>
internal static class AddMmOp
{
    internal static Tensor Apply(Tensor c, Tensor a, Tensor b, double beta, double alpha)
    {
        if (a.NDim != 2 || b.NDim != 2)
            throw new ShapeException($"AddMm: needs two matrices, but the shapes are {a.Shape} and {b.Shape}.");
        MatMulOp.Check("AddMm", a, b);
        CheckType("AddMm", "what is added", c, a);
        Shape shape = [a.Shape[0], b.Shape[1]];
        if (Layout.Broadcast(c.Shape, shape) is not { } broadcast || !broadcast.Equals(shape))
            throw new ShapeException($"AddMm: what is added has shape {c.Shape}, which does not broadcast to the product's {shape}.");
        return Door.Run(new AddMmCall(false, beta, alpha), c, a, b);
    }

    /// <summary>x·Wᵀ + b for x [*, in]: a fully connected layer, as one node; for a single example a product and a sum.</summary>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        CheckLinear(x, weight, bias);
        if (x.NDim == 1)
        {
            Tensor product = MatMulOp.OfRow(x, weight, true);
            return bias is null ? product : product + bias;
        }
        Tensor rows = x.NDim == 2 ? x : MatMulOp.Rows(x);
        Tensor y = bias is null
            ? Product.Apply(rows, false, weight, true)
            : Door.Run(new AddMmCall(true, 1, 1), bias, rows, weight);
        if (x.NDim == 2) return y;
        Shape shape = [.. x.Shape.Sizes[..^1], weight.Shape[0]];
        return bias is null ? MatMulOp.Reshaped(y, shape) : y.View(shape);
    }

    /// <summary>max(x·Wᵀ + b, 0) for a matrix x, the maximum taken while the product is written.</summary>
    /// <remarks>
    /// The graph is that of the two operations one after the other: the result first becomes the output of the product, whose node
    /// does not keep it, and then that of the maximum, whose node keeps nothing else.
    /// </remarks>
    internal static Tensor LinearRelu(Tensor x, Tensor weight, Tensor bias)
    {
        if (x.NDim != 2 || !x.DType.IsFloatingPoint || ForwardMode.Level != 0) return Linear(x, weight, bias).Relu();
        CheckLinear(x, weight, bias);
        return Door.Run(new LinearReluCall(), bias, x, weight);
    }

    private static Tensor Recorded(Here here, Tensor z, Tensor c, Tensor a, Tensor b, bool transB, double beta, double alpha)
    {
        if (!History.IsWanted(here, a, b) && !History.IsWanted(here, c)) return z;
        var rule = new AddMmRule(here, c, a, b, transB, beta, alpha);
        History.Record(new ReadOnlySpan<Tensor>(in z), new RuleNode<AddMmRule>(here, rule, c, a, b), [c, a, b]);
        return z;
    }

    private static Tensor Forward(Tensor c, Tensor a, Tensor b, double beta, double alpha)
    {
        bool plainRow = alpha == 1 && beta == 1 && c.NDim == 1 && c.Shape[0] == b.Shape[1];
        using Unrecorded _ = Unrecorded.Begin();
        if (b.Shape[0] == 1 && beta != 0 && c.DType.IsFloatingPoint && c.NDim == 2 && c.Shape[0] == a.Shape[0] && c.Shape[1] == b.Shape[1])
        {
            var work = new OuterWork(c, a, b, beta, alpha, Tensor.Uninitialized(c.Shape, c.DType));
            Dispatch.Floating(c.DType, "AddMm", ref work);
            return work.Result;
        }
        if (plainRow) return Product.Forward(a, false, b, false, c);
        Tensor z = Product.Forward(a, false, b, false);
        bool whole = !z.DType.IsFloatingPoint;
        if (alpha != 1) z.MulInPlace(whole && double.IsInteger(alpha) ? (Tensor)(long)alpha : (Tensor)alpha);
        if (beta != 0) z.AddInPlace(c, whole && double.IsInteger(beta) ? (Number)(long)beta : (Number)beta);
        return z;
    }

    private readonly struct OuterWork(Tensor c, Tensor a, Tensor b, double beta, double alpha, Tensor z) : IFloatingWork
    {
        internal Tensor Result => z;

        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            OuterSum.Run<T>(memory.Of<T>(Elements.ToContiguous(a)), memory.Of<T>(Elements.ToContiguous(b)), alpha,
                memory.Of<T>(Elements.ToContiguous(c)), beta, memory.Of<T>(z));
        }
    }

    private static void CheckLinear(Tensor x, Tensor weight, Tensor? bias)
    {
        if (weight.NDim != 2)
            throw new ShapeException($"Linear: the weight must be a matrix [out, in], but its shape is {weight.Shape}.");
        if (x.NDim == 0 || x.Shape[-1] != weight.Shape[1])
            throw new ShapeException($"Linear: the input of shape {x.Shape} has "
                + $"{(x.NDim == 0 ? "no dimensions" : $"{x.Shape[-1]} features")}, but the weight of shape {weight.Shape} expects "
                + $"{weight.Shape[1]}. "
                + "The input's last dimension must equal the weight's.");
        CheckType("Linear", "the weight", weight, x);
        if (bias is null) return;
        CheckType("Linear", "the bias", bias, x);
        if (bias.NDim != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ShapeException(
                $"Linear: the bias of shape {bias.Shape} does not fit the weight of shape {weight.Shape}; it needs {weight.Shape[0]} "
                + "elements.");
    }

    private static void CheckType(string operation, string name, Tensor other, Tensor x)
    {
        if (other.DType != x.DType)
            throw new DTypeException(
                $"{operation}: all operands must have the same dtype, but {name} is {other.DType} and the input {x.DType}. Convert one "
                + $"with To(DType.{DTypes.Promote(other.DType, x.DType)}).");
    }

    /// <summary>β·c + α·A·op(B).</summary>
    private readonly struct AddMmCall(bool transB, double beta, double alpha) : ITensorOperation, IIntoOperation, IByHand
    {
        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => transB && IntoCalls.ArePlain(call);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) =>
            Product.ForwardInto(x[1]!, false, x[2]!, true, results[0]!, x[0], Epilogue.None);

        public string Name => "addmm";

        public void Describe(OpAttributes to)
        {
            to.Add("beta", beta);
            to.Add("alpha", alpha);
            to.Add("transpose_mat2", transB);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> x)
        {
            Tensor c = x[0]!, a = x[1]!, b = x[2]!;
            Tensor z = transB ? Product.Forward(a, false, b, true, c) : Forward(c, a, b, beta, alpha);
            return Recorded(here, z, c, a, b, transB, beta, alpha);
        }

        public string Formula => alpha == 1 && beta == 1 ? transB ? "y·zᵀ + x" : "y·z + x" : "";

        public void Write(Hand hand)
        {
            HandTensor c = hand.Input(0), a = hand.Input(1), b = hand.Input(2), z = hand.Result;
            bool isRow = transB || (alpha == 1 && beta == 1 && c.Shape.NDim == 1 && c.Shape[0] == b.Shape[1]);
            HandProducts.Write(hand, a, false, b, transB, z, isRow ? c : null);
            if (isRow) return;
            if (alpha != 1) HandElementWise.InPlace(hand, new MulOp(), z, alpha);
            if (beta != 0) HandElementWise.InPlace(hand, new AddScaledOp(beta), z, c);
        }
    }

    /// <summary>max(A·Bᵀ + c, 0).</summary>
    private readonly struct LinearReluCall : ITensorOperation, IIntoOperation, IByHand
    {
        public bool MayOverwrite => false;

        public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call);

        public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) =>
            Product.ForwardInto(x[1]!, false, x[2]!, true, results[0]!, x[0], Epilogue.Relu);

        public string Name => "linear_relu";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor bias = inputs[0]!, x = inputs[1]!, weight = inputs[2]!;
            Tensor y = Recorded(here, Product.Forward(x, false, weight, true, bias, Epilogue.Relu), bias, x, weight, true, 1, 1);
            return y.RequiresGrad ? History.Record(here, y, UnaryOpNode<ReluOp>.Of(here, new ReluOp(), y, y, y), y) : y;
        }

        public string Formula => "max(y·zᵀ + x, 0)";

        public void Write(Hand hand) => HandProducts.Write(
            hand, hand.Input(1), false, hand.Input(2), true, hand.Result, hand.Input(0), sum =>
            {
                hand.Line($"{hand.Result.Word} value = {sum};");
                return "value < 0 ? 0 : value";
            });
    }
}

/// <summary>The rule of <see cref="AddMmOp"/>; its inputs are c, A and B.</summary>
internal struct AddMmRule(Here here, Tensor c, Tensor a, Tensor b, bool transB, double beta, double alpha) : IRule
{
    private readonly Shape _c = c.Shape;
    private readonly bool _transB = transB;
    private readonly double _beta = beta, _alpha = alpha;
    private BilinearFactors _saved = new(here, a, b);

    public readonly string NodeName => "AddmmBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!;
        if (wanted[0]) dx[0] = g.SumTo(_c).Scaled(_beta);
        if (wanted[1]) dx[1] = Product.GradientOfA(g, false, _saved.Right(node), _transB).Scaled(_alpha);
        if (wanted[2]) dx[2] = Product.GradientOfB(g, _saved.Left(node), false, _transB).Scaled(_alpha);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? sum = null;
        if (t[1] is { } ta) sum = Product.Apply(ta, false, _saved.Right(node), _transB).Scaled(_alpha);
        if (t[2] is { } tb) sum = Plus(sum, Product.Apply(_saved.Left(node), false, tb, _transB).Scaled(_alpha));
        if (t[0] is { } tc)
        {
            Tensor a = _saved.Left(node), b = _saved.Right(node);
            sum = Plus(sum, tc.Scaled(_beta).Expand(a.Shape[0], b.Shape[_transB ? 0 : 1]));
        }
        dy[0] = sum;

        static Tensor Plus(Tensor? x, Tensor y) => x is null ? y : x + y;
    }

    public readonly void Show(SavedValues to) => _saved.Show(to, ("mat1", "mat2"));

    public void Free() => _saved.Free();
}

public static partial class OpTable
{
    private static Op AddMm => Op.Of(OpKind.Bilinear, "addmm",
        (x, y, z) => x.AddMm(y, z, 0.5, 2), new OpInput([2], Domain.Reals), Matrix, new OpInput([4, 2], Domain.Reals),
        new() { Formula = "β·x + α·(y·z)", Torch = "x.addmm(y, z, beta=0.5, alpha=2)", Onnx = "Gemm" });
}
