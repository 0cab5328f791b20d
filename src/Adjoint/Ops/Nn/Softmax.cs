using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>e^x / Σ e^x over one dimension: positive numbers that add up to 1.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="dtype">What to convert to first, if anything.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Softmax(int dim, DType? dtype = null) => RowFunction.Apply<SoftmaxFunction>(dtype is { } type ? To(type) : this, dim);
}

/// <summary>yᵢ = e^xᵢ / Σ e^xⱼ,   dx = y·(g − Σ g·y), and the tangent likewise: its Jacobian is symmetric.</summary>
internal readonly struct SoftmaxFunction : IRowFunction
{
    public static string Name => "softmax";
    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.Softmax>.Forward(x, outer, n, inner, y);
    public static V Summed<V>(V g, V y) where V : IAlgebra<V> => g * y;
    public static V Slope<V>(V g, V y, V sum) where V : IAlgebra<V> => y * (g - sum);
    public static Tensor Jvp(Tensor t, Tensor y, int dim) => RowFunction.Vjp<SoftmaxFunction>(t, y, dim);

    public static void Write(Hand hand, HandTensor x, HandTensor y)
    {
        string max = hand.Fold(HandFold.Largest, "max", null, false, x);
        hand.Each(e => hand.Store(e[1], hand.Apply<ExpOp>(x.Word, $"{hand.Element(e[0])} - {max}")), x, y);
        string sum = hand.Fold(HandFold.Sum, "sum", null, false, y);
        hand.Each(e => hand.Store(e[0], $"{hand.Element(e[0])} / {sum}"), y);
    }
}

public static partial class Special
{
    /// <summary>torch.special.softmax, <see cref="Tensor.Softmax"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension whose shares add up to 1.</param>
    /// <param name="dtype">What the elements become before; by default they stay what they are.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor Softmax(Tensor x, int dim, DType? dtype = null) => x.Given().Softmax(dim, dtype);
}

public static partial class OpTable
{
    private static Op Softmax => Op.Of(OpKind.Other, "softmax", x => x.Softmax(1), Cube,
        new()
        {
            Formula = "eˣ / Σ eˣ over a dimension",
            Torch = "x.softmax(1)",
            Gradient = "y·(g − Σ g·y)",
            Onnx = "Softmax",
            Module = "Softmax(dim={dim: any dimension})",
        });
}
