using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements that are not NaN; integers and bools add up as Int64.</summary>
    public Tensor NaNSum() => DType.IsFloatingPoint ? SlopedReduction.Apply(new NanSumOp(), this, [], false) : Sum();
}

/// <summary>y = Σ x over what is not NaN,   ∂y/∂x = 1 there, else 0.</summary>
internal readonly struct NanSumOp : IReductionOp
{
    public string NodeName => "NansumBackward0";

    public static Saves Saves => Saves.Input;

    // Note [Sums without NaN]: over some dimensions it is the sum with zeros in the place of what is no number. A sum that is one had
    // only numbers in it, and then it is the sum as it is: nothing is copied.
    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        if (dims.Length == x.NDim) return Reduction.Run<NanSumKernel>(x, dims, keepDim);
        using Unrecorded _ = Unrecorded.Begin();
        Tensor numbers = Elements.ToContiguous(x.Detach()), sum = Reduction.Run<SumKernel>(numbers, dims, keepDim);
        if (!sum.IsNaN().Any().Item<bool>()) return sum;
        return Reduction.Run<SumKernel>(Elements.ToContiguous(numbers.MaskedFill(numbers.IsNaN(), 0.0)), dims, keepDim);
    }

    // What is not a number is a 0 among the others.
    public void Write(Hand hand, int[] dims)
    {
        HandTensor x = hand.Input(0);
        if (dims.Length < x.Shape.NDim)
        {
            HandTensor numbers = hand.New("numbers", x.Shape, x.DType);
            hand.Each(e => hand.Store(e[0], $"{x.Word}.IsNaN({hand.Element(e[1])}) ? 0 : {hand.Element(e[1])}"), numbers, x);
            HandSums.Write(hand, HandFold.Sum, numbers, dims, hand.Result);
            return;
        }
        HandSums.Rows(hand, x, dims, hand.Result, (row, y) => hand.Store(y, hand.Fold(
            HandFold.Sum, "sum", e => $"{row.Word}.IsNaN({hand.Element(e[0])}) ? 0 : {hand.Element(e[0])}", true, row)));
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims) => x.Detach().Eq(x.Detach()).To(x.DType);
}

/// <summary>All elements at once: there is one result.</summary>
internal readonly struct NanSumKernel : IReductionKernel
{
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged => y[0] = Reduce.NanSum(x);
}

public static partial class OpTable
{
    private static Op NanSum => Op.Of(OpKind.Other, "nansum", x => x.NaNSum(), Matrix,
        new() { Formula = "Σ x over what is a number", Torch = "x.nansum()", Gradient = "g where x is a number, elsewhere 0" });
}
