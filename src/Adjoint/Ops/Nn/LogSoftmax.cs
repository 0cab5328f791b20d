using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>x − ln Σ e^x over one dimension: the logarithm of softmax, without its underflow.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="dtype">What to convert to first, if anything.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor LogSoftmax(int dim, DType? dtype = null) =>
        RowFunction.Apply<LogSoftmaxFunction>(dtype is { } type ? To(type) : this, dim);
}

/// <summary>yᵢ = xᵢ − ln Σ e^xⱼ,   dx = g − e^y·Σ g,   and the tangent is t − Σ e^y·t.</summary>
internal readonly struct LogSoftmaxFunction : IRowFunction
{
    public static string Name => "log_softmax";
    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.LogSoftmax>.Forward(x, outer, n, inner, y);
    public static V Summed<V>(V g, V y) where V : IAlgebra<V> => g;
    public static V Slope<V>(V g, V y, V sum) where V : IAlgebra<V> => g - V.Inlined<ExpOp>(y) * sum;
    public static Tensor Jvp(Tensor t, Tensor y, int dim) => t - (y.Exp() * t).Sum(dim, keepDim: true);

    public static void Write(Hand hand, HandTensor x, HandTensor y)
    {
        string max = hand.Fold(HandFold.Largest, "max", null, false, x);
        string sum = hand.Fold(HandFold.Sum, "sum", e => hand.Apply<ExpOp>(x.Word, $"{hand.Element(e[0])} - {max}"), false, x);
        hand.Line($"{x.Word} log = {hand.Apply<LogOp>(x.Word, sum)};");
        hand.Each(e => hand.Store(e[1], $"{hand.Element(e[0])} - {max} - log"), x, y);
    }
}

public static partial class Special
{
    /// <summary>torch.special.log_softmax, <see cref="Tensor.LogSoftmax"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="dtype">What the elements become before; by default they stay what they are.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor LogSoftmax(Tensor x, int dim, DType? dtype = null) => x.Given().LogSoftmax(dim, dtype);
}

public static partial class OpTable
{
    private static Op LogSoftmax => Op.Of(OpKind.Other, "log_softmax", x => x.LogSoftmax(-1), Cube,
        new()
        {
            Formula = "x − ln Σ eˣ over a dimension",
            Torch = "x.log_softmax(-1)",
            Gradient = "g − eʸ·Σ g",
            Onnx = "LogSoftmax",
            Module = "LogSoftmax(dim={dim: any dimension})",
        });
}
