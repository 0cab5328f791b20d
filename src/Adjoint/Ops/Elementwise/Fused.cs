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
        bool fits = x.DType.IsFloatingPoint && x.NumEl > 1 && Fits(x) && Fits(y) && Fits(z) && !History.IsWanted(x, y) && !History.IsWanted(z);
        if (!fits) return null;
        Tensor sum = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.DType == DType.Float32) ElementWise.AddScaled(x.Span<float>(), y.Span<float>(), z.Span<float>(), c.ToDouble(), quotient, sum.Span<float>());
        else ElementWise.AddScaled(x.Span<double>(), y.Span<double>(), z.Span<double>(), c.ToDouble(), quotient, sum.Span<double>());
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);
        GC.KeepAlive(sum);
        return sum;

        bool Fits(Tensor operand) => operand.IsContiguous && operand.DType == x.DType && operand.Shape.Equals(x.Shape);
    }
}
