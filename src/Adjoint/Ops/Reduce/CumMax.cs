using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The largest element up to each along a dimension and where it is (the last of equal ones); from a NaN on, NaN.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) CumMax(int dim) => RunningExtreme.Of("CummaxBackward0", this, dim, largest: true);

    /// <summary>The smallest element up to each along a dimension and where it is (the last of equal ones); from a NaN on, NaN.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) CumMin(int dim) => RunningExtreme.Of("CumminBackward0", this, dim, largest: false);
}

/// <summary>Places of running extremes, and the elements at them.</summary>
internal static class RunningExtreme
{
    internal static (Tensor Values, Tensor Indices) Of(string nodeName, Tensor x, int dim, bool largest)
    {
        Tensor?[] results = Door.RunMany(new Call(nodeName, x.Shape.Wrap(dim), largest), x);
        return (results[0]!, results[1]!);
    }

    private readonly struct Call(string nodeName, int dim, bool largest) : ITensorsOperation, IByHand
    {
        public string Name => NodeName.Operation(nodeName);

        public void Describe(OpAttributes to)
        {
            to.Add("dim", dim);
            to.Add("largest", largest);
        }

        public void Write(Hand hand)
        {
            string worse = largest ? "<" : ">";
            HandTensor values = hand.ResultOrNull(0)!, index = hand.ResultOrNull(1) ?? hand.New("places", values.Shape, DType.Int64);
            hand.Rows(dim, e =>
            {
                string word = Hand.Compared(e[0].Word);
                hand.Line("long place = 0, at = 0;");
                hand.Line($"{word} best = {hand.Element(e[0].At("0"), word)};");
                hand.Each(each =>
                {
                    string value = hand.Element(each[0], word);
                    // Not worse, which a NaN never is; but a number does not follow a NaN.
                    string orNaN = each[0].DType.IsFloatingPoint ? $" && (best == best || {value} != {value})" : "";
                    hand.Block($"if (!({value} {worse} best){orNaN})", () => hand.Line($"(best, place) = ({value}, at);"));
                    hand.Store(each[1], Hand.Converted("best", word, each[1].Word));
                    hand.Store(each[2], "place");
                    hand.Line("at++;");
                }, e[0], e[1], e[2]);
            }, hand.Input(0), values, index);
        }

        public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, index = Tensor.Uninitialized(here, x.Shape, DType.Int64),
                values = Tensor.Uninitialized(here, x.Shape, x.DType);
            (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, x.NDim == 0 ? [] : [dim]);
            var work = new Work(block, outer, n, inner, values, index, largest);
            Dispatch.Number(x.DType, ref work);
            return [Linear.Recorded(here, new PickOp(nodeName, dim, index, drops: false), x, values), index];
        }
    }

    private readonly struct Work(Tensor block, int outer, int n, int inner, Tensor values, Tensor index, bool largest) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            if (largest) RunningExtremes.Largest<T>(memory.Of<T>(block), outer, n, inner, memory.Of<T>(values), memory.Of<long>(index));
            else RunningExtremes.Smallest<T>(memory.Of<T>(block), outer, n, inner, memory.Of<T>(values), memory.Of<long>(index));
        }
    }
}

public static partial class OpTable
{
    private static Op CumMax => Op.Of(OpKind.Other, "cummax", x => x.CumMax(1).Values, Cube,
        new()
        {
            Formula = "y[i] = the largest x[j] over j ≤ i",
            Torch = "x.cummax(1).values",
            Gradient = "g at that element, summed",
        });

    private static Op CumMin => Op.Of(OpKind.Other, "cummin", x => x.CumMin(-1).Values, Cube,
        new()
        {
            Formula = "y[i] = the smallest x[j] over j ≤ i",
            Torch = "x.cummin(-1).values",
            Gradient = "g at that element, summed",
        });
}
