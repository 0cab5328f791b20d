using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Two operations in one pass, with the bits of both, where nothing is recorded and the operands lie in one order.</summary>
internal static class Fused
{
    /// <summary>x + c·(y·z), or null where it is not that simple.</summary>
    internal static Tensor? Product(Tensor x, Tensor y, Tensor z, Number c) => Of(x, y, z, c, quotient: false);

    /// <summary>x + c·(y/z), or null where it is not that simple.</summary>
    internal static Tensor? Quotient(Tensor x, Tensor y, Tensor z, Number c) => Of(x, y, z, c, quotient: true);

    private static Tensor? Of(Tensor x, Tensor y, Tensor z, Number c, bool quotient)
    {
        bool fits = x.DType.IsFloatingPoint && x.NumEl > 1 && Fits(x) && Fits(y) && Fits(z) && !History.IsWanted(x, y)
            && !History.IsWanted(z);
        if (!fits) return null;
        return Door.Run(new SumOfProduct(c.ToDouble(), quotient), x, y, z);

        bool Fits(Tensor operand) => operand.IsContiguous && operand.DType == x.DType && operand.Shape.Equals(x.Shape);
    }

    private readonly struct SumOfProduct(double c, bool quotient) : ITensorOperation, IByHand
    {
        public string Name => quotient ? "addcdiv" : "addcmul";

        public void Describe(OpAttributes to) => to.Add("value", c);

        public void Write(Hand hand) => HandFormula.Write(
            hand, hand.Result.DType, [hand.Result], [hand.Input(0), hand.Input(1), hand.Input(2)], new Sum(c, quotient));

        private readonly struct Sum(double c, bool quotient) : HandFormula.IText
        {
            public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged =>
                [x[0] + Code<T>.Constant(c) * (quotient ? x[1] / x[2] : x[1] * x[2])];
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor sum = Tensor.Uninitialized(here, inputs[0]!.Shape, inputs[0]!.DType);
            var work = new Work(inputs[0]!, inputs[1]!, inputs[2]!, c, quotient, sum);
            Dispatch.Floating(sum.DType, Name, ref work);
            return sum;
        }
    }

    private readonly struct Work(Tensor x, Tensor y, Tensor z, double c, bool quotient, Tensor sum) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            ElementWise.AddScaled<T>(memory.Of<T>(x), memory.Of<T>(y), memory.Of<T>(z), c, quotient, memory.Of<T>(sum));
        }
    }
}
