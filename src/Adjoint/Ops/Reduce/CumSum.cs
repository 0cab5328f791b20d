using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sums of all elements up to each along a dimension; integers and bools add up as Int64.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumSum(int dim) => Linear.Apply(new CumSumOp(Shape.Wrap(dim)), SumOp.Accumulable(this));

    /// <summary>xₖ = Σ xⱼ over j ≤ k along a dimension, in place: torch's cumsum_.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor CumSumInPlace(int dim) => Replacement.InPlace("CumSumInPlace", this, x => x.CumSum(dim).To(x.DType));
}

/// <summary>yₖ = Σ xⱼ for j ≤ k, or from the end for j ≥ k; each is the other's transpose.</summary>
internal readonly struct CumSumOp(int dim, bool fromEnd = false) : ILinearOp, IByHand
{
    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("from_end", fromEnd);
    }

    public string NodeName => "CumsumBackward0";

    public Tensor Forward(Tensor x) => Scanning.Run(x, dim, products: false, fromEnd);

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public void Write(Hand hand) => Scanning.Write(hand, dim, products: false, fromEnd);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new CumSumOp(dim, !fromEnd), g);
}

/// <summary>Running sums and products, without history.</summary>
internal static class Scanning
{
    internal static Tensor Run(Tensor x, int dim, bool products, bool fromEnd = false)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.NumEl == 0) return y;
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, x.NDim == 0 ? [] : [dim]);
        var work = new Work(block, outer, n, inner, y, products, fromEnd);
        Dispatch.Number(x.DType, ref work);
        return y;
    }

    // Running in double, and each result rounded once: Note [Running in double].
    internal static void Write(Hand hand, int dim, bool products, bool fromEnd = false) => hand.Rows(dim, e =>
    {
        (HandTensor x, HandTensor y) = fromEnd ? (e[0].Backward(), e[1].Backward()) : (e[0], e[1]);
        string word = x.Word == "float" ? "double" : x.Word;
        hand.Line($"{word} running = {(products ? 1 : 0)};");
        hand.Each(each =>
        {
            hand.Line($"running {(products ? "*" : "+")}= {hand.Element(each[0])};");
            hand.Store(each[1], Hand.Converted("running", word, x.Word));
        }, x, y);
    }, hand.Input(0), hand.Result);

    private readonly struct Work(Tensor block, int outer, int n, int inner, Tensor y, bool products, bool fromEnd) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            if (products) Scan.Products(memory.Of<T>(block), outer, n, inner, memory.Of<T>(y));
            else Scan.Sums(memory.Of<T>(block), outer, n, inner, memory.Of<T>(y), fromEnd);
        }
    }
}

public static partial class OpTable
{
    private static Op CumSum => Op.Of(OpKind.Linear, "cumsum", x => x.CumSum(1), Cube,
        new() { Formula = "y[i] = Σ x[j] over j ≤ i", Torch = "x.cumsum(1)", Onnx = "CumSum" });
}
