using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>y = x̂·w + b with x̂ = (x − mean)/√(variance + ε) over the last dimensions,   dx = r·(g·w − mean(g·w) − x̂·mean(g·w·x̂)) with r = 1/√(variance + ε).</summary>
internal static class LayerNormOp
{
    /// <summary>One node and one pass where all is there and of one dtype.</summary>
    /// <param name="x">x.</param>
    /// <param name="count">How many of its last dimensions are normalised.</param>
    /// <param name="w">w of their shape, or null for 1.</param>
    /// <param name="b">b of their shape, or null for 0.</param>
    /// <param name="eps">ε.</param>
    internal static Tensor Apply(Tensor x, int count, Tensor? w, Tensor? b, double eps)
    {
        Shape row = Shape.Of([.. x.Shape.Sizes[^count..]]);
        bool fits = x.DType.IsFloatingPoint && x.NumEl > 0 && Fits(w) && Fits(b);
        if (!fits) return Composed(x, count, w, b, eps);
        w ??= Tensor.Ones(row, x.DType);
        b ??= Tensor.Zeros(row, x.DType);
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType), mean = Tensor.Uninitialized([x.NumEl / row.NumEl], x.DType), inverse = Tensor.Uninitialized(mean.Shape, x.DType);
        var work = new ForwardWork(Elements.ToContiguous(x), Elements.ToContiguous(w), Elements.ToContiguous(b), eps, y, mean, inverse);
        Dispatch.Floating(x.DType, "LayerNorm", ref work);
        if (History.IsWanted(x) || History.IsWanted(w) || History.IsWanted(b))
            History.Record(new ReadOnlySpan<Tensor>(in y), new LayerNormNode(x, w, b, count, eps, mean, inverse), [x, w, b]);
        return y;

        bool Fits(Tensor? parameter) => parameter is null || parameter.DType == x.DType && parameter.Shape.Equals(row);
    }

    private static Tensor Composed(Tensor x, int count, Tensor? w, Tensor? b, double eps)
    {
        Tensor y = Standardized(x, count, eps, out _);
        if (w is not null) y *= w;
        return b is null ? y : y + b;
    }

    /// <summary>x̂ and r in tensor operations.</summary>
    internal static Tensor Standardized(Tensor x, int count, double eps, out Tensor inverse)
    {
        (Tensor variance, Tensor mean) = x.VarMean(Dims(count), correction: 0, keepDim: true);
        inverse = (variance + eps).Rsqrt();
        return (x - mean) * inverse;
    }

    internal static int[] Dims(int count) => [.. Enumerable.Range(-count, count)];

    private readonly struct ForwardWork(Tensor x, Tensor w, Tensor b, double eps, Tensor y, Tensor mean, Tensor inverse) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Kernels.LayerNorm.Forward<T>(x.Span<T>(), w.NumEl, w.Span<T>(), b.Span<T>(), eps, y.Span<T>(), mean.Span<T>(), inverse.Span<T>());
            GC.KeepAlive(x);
            GC.KeepAlive(w);
            GC.KeepAlive(b);
            GC.KeepAlive(y);
            GC.KeepAlive(mean);
            GC.KeepAlive(inverse);
        }
    }
}

/// <summary>The node of <see cref="LayerNormOp"/>; its inputs are x, w and b.</summary>
internal sealed class LayerNormNode : TernaryNode
{
    private readonly int _count;
    private readonly double _eps;
    private Saved _x, _w, _mean, _inverse;

    internal LayerNormNode(Tensor x, Tensor w, Tensor b, int count, double eps, Tensor mean, Tensor inverse) : base(x, w, b)
    {
        (_count, _eps) = (count, eps);
        _x = Adjoint.Saved.Input(x);
        _w = Adjoint.Saved.Input(w);
        _mean = Adjoint.Saved.Input(mean);
        _inverse = Adjoint.Saved.Input(inverse);
    }

    public override string Name => "NativeLayerNormBackward0";

    public override IReadOnlyDictionary<string, object?> Saved =>
        SavedValues.Of(this, new Parameters(_eps), ("input", _x), ("weight", _w), ("result1", _mean), ("result2", _inverse));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, bool needsZ, out Tensor? dx, out Tensor? dy, out Tensor? dz)
    {
        Tensor x = _x.Get(this), w = _w.Get(this);
        (dx, dy, dz) = (null, null, null);
        if (!History.RulesAreRecorded)
        {
            var work = new BackwardWork(Elements.ToContiguous(g), Elements.ToContiguous(x), Elements.ToContiguous(w), _mean.Get(this), _inverse.Get(this),
                needsX ? Tensor.Uninitialized(x.Shape, x.DType) : null, needsY || needsZ ? Tensor.Uninitialized(w.Shape, w.DType) : null,
                needsY || needsZ ? Tensor.Uninitialized(w.Shape, w.DType) : null);
            Dispatch.Floating(x.DType, "LayerNorm", ref work);
            (dx, dy, dz) = (work.Dx, needsY ? work.Dw : null, needsZ ? work.Db : null);
            return;
        }
        int[] dims = LayerNormOp.Dims(_count);
        Tensor normalized = LayerNormOp.Standardized(x, _count, _eps, out Tensor inverse);
        if (needsX) dx = Projected(g * w, normalized, inverse, dims);
        if (needsY) dy = (g * normalized).SumTo(w.Shape);
        if (needsZ) dz = g.SumTo(w.Shape);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor x = _x.Get(this), w = _w.Get(this), normalized = LayerNormOp.Standardized(x, _count, _eps, out Tensor inverse);
        Tensor? sum = tangents[0] is { } tx ? Projected(tx, normalized, inverse, LayerNormOp.Dims(_count)) * w : null;
        if (tangents[1] is { } tw) sum = sum is null ? normalized * tw : sum + normalized * tw;
        if (tangents[2] is { } tb) sum = sum is null ? tb.Expand(x.Shape) : sum + tb;
        return [sum];
    }

    /// <summary>r·(t − mean(t) − x̂·mean(t·x̂)): the Jacobian of x̂, which is symmetric, times t.</summary>
    private static Tensor Projected(Tensor t, Tensor normalized, Tensor inverse, int[] dims) =>
        (t - t.Mean(dims, keepDim: true) - normalized * (t * normalized).Mean(dims, keepDim: true)) * inverse;

    internal override void ReleaseSaved()
    {
        _x.Free();
        _w.Free();
        _mean.Free();
        _inverse.Free();
    }

    private readonly record struct Parameters(double eps);

    private readonly struct BackwardWork(Tensor g, Tensor x, Tensor w, Tensor mean, Tensor inverse, Tensor? dx, Tensor? dw, Tensor? db) : IFloatingWork
    {
        public Tensor? Dx => dx;

        public Tensor? Dw => dw;

        public Tensor? Db => db;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = w.NumEl;
            if (dx is not null) Kernels.LayerNorm.Backward<T>(g.Span<T>(), x.Span<T>(), n, w.Span<T>(), mean.Span<T>(), inverse.Span<T>(), dx.Span<T>());
            if (dw is not null) Kernels.LayerNorm.ParametersBackward<T>(g.Span<T>(), x.Span<T>(), n, mean.Span<T>(), inverse.Span<T>(), dw.Span<T>(), db!.Span<T>());
            GC.KeepAlive(g);
            GC.KeepAlive(x);
            GC.KeepAlive(w);
            GC.KeepAlive(mean);
            GC.KeepAlive(inverse);
            GC.KeepAlive(dx);
            GC.KeepAlive(dw);
            GC.KeepAlive(db);
        }
    }
}
