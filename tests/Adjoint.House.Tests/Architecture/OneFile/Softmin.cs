using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>e^−x / Σ e^−x over one dimension: positive numbers that add up to 1, the largest where x is smallest.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Softmin(int dim) => RowFunction.Apply<SoftminFunction>(this, dim);
}

/// <summary>yᵢ = e^−xᵢ / Σ e^−xⱼ,   dx = y·(Σ g·y − g), and the tangent likewise: its Jacobian is symmetric.</summary>
internal readonly struct SoftminFunction : IRowFunction
{
    public static string Name => "softmin";

    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Negate(x, y);
        RowKernel<Kernels.Softmax>.Forward(y, outer, n, inner, y);
    }

    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> dx, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowKernel<Kernels.Softmax>.Backward(g, y, outer, n, inner, dx);
        Negate(dx, dx);
    }

    public static Tensor Vjp(Tensor g, Tensor y, int dim) => y * ((g * y).Sum(dim, keepDim: true) - g);

    public static Tensor Jvp(Tensor t, Tensor y, int dim) => Vjp(t, y, dim);

    private static void Negate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = -x[i];
    }
}

public static partial class OpTable
{
    private static Op Softmin => Op.Of(OpKind.Other, "softmin", x => x.Softmin(1), Cube,
        new()
        {
            Formula = "e⁻ˣ / Σ e⁻ˣ over a dimension", Torch = "F.softmin(x, 1)", Gradient = "y·(Σ g·y − g)",
            Module = "Softmin(dim={dim: any dimension})",
        });
}
