using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The lower triangle of each matrix kept, the rest set to 0, in place.</summary>
    public Tensor TrilInPlace(int diagonal = 0) =>
        TriangleCopy.Checked(this, "TrilInPlace")
        .MaskedFillInPlace(Ones(Shape, DType.Bool).Triu((int)Math.Min(diagonal + 1L, int.MaxValue)), 0);

    /// <summary>The upper triangle of each matrix kept, the rest set to 0, in place.</summary>
    public Tensor TriuInPlace(int diagonal = 0) =>
        TriangleCopy.Checked(this, "TriuInPlace")
        .MaskedFillInPlace(Ones(Shape, DType.Bool).Tril((int)Math.Max(diagonal - 1L, int.MinValue)), 0);
}

/// <summary>g·c for a number c: how gradients pass functions of constant slope.</summary>
internal static class Scaling
{
    extension(Tensor g)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Tensor Scaled(double factor) => factor == 1 ? g : g.ScaledBy(factor);

        private Tensor ScaledBy(double factor) => factor switch
        {
            -1 => -g,
            0 => g.ZerosLike(),
            // A whole factor leaves integers integers: as Float32 they would lose what is beyond 2²⁴.
            _ when !g.DType.IsFloatingPoint && double.IsInteger(factor) => g * (Tensor)(long)factor,
            _ => g * factor,
        };
    }
}
