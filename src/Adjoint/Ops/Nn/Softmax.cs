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

    /// <summary>x − ln Σ e^x over one dimension: the logarithm of <see cref="Softmax"/>, without its underflow.</summary>
    /// <inheritdoc cref="Softmax"/>
    public Tensor LogSoftmax(int dim, DType? dtype = null) => RowFunction.Apply<LogSoftmaxFunction>(dtype is { } type ? To(type) : this, dim);
}

/// <summary>A function of whole rows of a tensor whose slopes are known from its result y.</summary>
internal interface IRowFunction
{
    /// <summary>As PyTorch spells it.</summary>
    static abstract string Name { get; }

    /// <summary>y from x over the middle one of three dimensions.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient of x from that of y.</summary>
    static abstract void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> dx, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient of x in tensor operations.</summary>
    static abstract Tensor Vjp(Tensor g, Tensor y, int dim);

    /// <summary>The tangent of y in tensor operations.</summary>
    static abstract Tensor Jvp(Tensor t, Tensor y, int dim);
}

/// <summary>yᵢ = e^xᵢ / Σ e^xⱼ,   dx = y·(g − Σ g·y), and the tangent likewise: its Jacobian is symmetric.</summary>
internal readonly struct SoftmaxFunction : IRowFunction
{
    public static string Name => "softmax";
    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.Softmax>.Forward(x, outer, n, inner, y);
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> dx, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.Softmax>.Backward(g, y, outer, n, inner, dx);
    public static Tensor Vjp(Tensor g, Tensor y, int dim) => y * (g - (g * y).Sum(dim, keepDim: true));
    public static Tensor Jvp(Tensor t, Tensor y, int dim) => Vjp(t, y, dim);
}

/// <summary>yᵢ = xᵢ − ln Σ e^xⱼ,   dx = g − e^y·Σ g,   and the tangent is t − Σ e^y·t.</summary>
internal readonly struct LogSoftmaxFunction : IRowFunction
{
    public static string Name => "log_softmax";
    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.LogSoftmax>.Forward(x, outer, n, inner, y);
    public static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> dx, int outer, int n, int inner) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowKernel<Kernels.LogSoftmax>.Backward(g, y, outer, n, inner, dx);
    public static Tensor Vjp(Tensor g, Tensor y, int dim) => g - y.Exp() * g.Sum(dim, keepDim: true);
    public static Tensor Jvp(Tensor t, Tensor y, int dim) => t - (y.Exp() * t).Sum(dim, keepDim: true);
}

/// <summary>The driver of row functions.</summary>
internal static class RowFunction
{
    internal static Tensor Apply<TFunction>(Tensor x, int dim) where TFunction : struct, IRowFunction
    {
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{TFunction.Name}: needs a floating-point tensor, but got {x.DType}. Pass dtype: DType.Float32.");
        dim = x.Shape.Wrap(dim);
        Tensor source = Elements.ToContiguous(x);
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        (int outer, int n, int inner) = Block(x.Shape, dim);
        if (x.DType == DType.Float32) TFunction.Forward<float>(source.Span<float>(), y.Span<float>(), outer, n, inner);
        else TFunction.Forward<double>(source.Span<double>(), y.Span<double>(), outer, n, inner);
        GC.KeepAlive(source);
        GC.KeepAlive(y);
        return History.IsWanted(x) ? History.Record(y, new RowFunctionNode<TFunction>(x, y, dim), x) : y;
    }

    internal static (int Outer, int N, int Inner) Block(Shape shape, int dim)
    {
        int outer = 1, inner = 1;
        for (int d = 0; d < dim; d++) outer *= shape[d];
        for (int d = dim + 1; d < shape.NDim; d++) inner *= shape[d];
        return (outer, shape.NDim == 0 ? 1 : shape[dim], inner);
    }
}

/// <summary>The node of a row function.</summary>
internal sealed class RowFunctionNode<TFunction>(Tensor x, Tensor y, int dim) : UnaryNode(x) where TFunction : struct, IRowFunction
{
    private static readonly string s_name = NodeName.Of(TFunction.Name);

    private Saved _y = Adjoint.Saved.Output(y);

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, new Parameters(dim), ("result", _y));

    internal override void ReleaseSaved() => _y.Free();

    private protected override Tensor? Vjp(Tensor g)
    {
        Tensor y = _y.Get(this);
        if (History.RulesAreRecorded) return TFunction.Vjp(g, y, dim);
        g = Elements.ToContiguous(g);
        Tensor dx = Tensor.Uninitialized(y.Shape, y.DType);
        (int outer, int n, int inner) = RowFunction.Block(y.Shape, dim);
        if (y.DType == DType.Float32) TFunction.Backward<float>(g.Span<float>(), y.Span<float>(), dx.Span<float>(), outer, n, inner);
        else TFunction.Backward<double>(g.Span<double>(), y.Span<double>(), dx.Span<double>(), outer, n, inner);
        GC.KeepAlive(g);
        GC.KeepAlive(y);
        return dx;
    }

    private protected override Tensor? Jvp(Tensor t) => TFunction.Jvp(t, _y.Get(this), dim);

    private readonly record struct Parameters(int dim);
}
