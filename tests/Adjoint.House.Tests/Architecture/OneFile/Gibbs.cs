using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>e^−x / Σ e^−x over one dimension: positive numbers that add up to 1, the largest where x is smallest.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Gibbs(int dim) => RowFunction.Apply<GibbsFunction>(this, dim);
}

/// <summary>yᵢ = e^−xᵢ / Σ e^−xⱼ,   dx = y·(Σ g·y − g), and the tangent likewise: its Jacobian is symmetric.</summary>
internal readonly struct GibbsFunction : IRowFunction
{
    public static string Name => "gibbs";

    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Negate(x, y);
        RowKernel<Kernels.Softmax>.Forward(y, outer, n, inner, y);
    }

    public static V Summed<V>(V g, V y) where V : IAlgebra<V> => g * y;

    public static V Slope<V>(V g, V y, V sum) where V : IAlgebra<V> => y * (sum - g);

    public static Tensor Jvp(Tensor t, Tensor y, int dim) => RowFunction.Vjp<GibbsFunction>(t, y, dim);

    private static void Negate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = -x[i];
    }
}

public static partial class OpTable
{
    private static Op Gibbs => Op.Of(OpKind.Other, "gibbs", x => x.Gibbs(1), Cube,
        new()
        {
            Formula = "e⁻ˣ / Σ e⁻ˣ over a dimension", Torch = "F.softmin(x, 1)", Gradient = "y·(Σ g·y − g)",
            Module = "Gibbs(dim={dim: any dimension})",
        });
}
