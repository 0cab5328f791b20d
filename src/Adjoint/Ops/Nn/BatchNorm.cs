using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// y = x̂·w + b with x̂ = (x − mean)/√(variance + ε) over all but dimension 1,   dx = w·r·(g − mean(g) − x̂·mean(g·x̂)) with r = 1/√(variance + ε).
/// </summary>
internal static class BatchNormOp
{
    /// <summary>One node and few passes where all is there and of one dtype, else null.</summary>
    /// <param name="x">[N, C] or [N, C, L].</param>
    /// <param name="w">w of [C], or null for 1.</param>
    /// <param name="b">b of [C], or null for 0.</param>
    /// <param name="eps">ε.</param>
    /// <returns>y, and mean and biased variance of each channel.</returns>
    internal static (Tensor Y, Tensor Mean, Tensor Variance)? Apply(Tensor x, Tensor? w, Tensor? b, double eps)
    {
        if (!x.DType.IsFloatingPoint || x.NumEl == 0 || x.NDim is not (2 or 3)) return null;
        Shape channels = [x.Shape[1]];
        if (!Fits(w) || !Fits(b)) return null;
        w ??= Tensor.Ones(channels, x.DType);
        b ??= Tensor.Zeros(channels, x.DType);
        Tensor mean = Tensor.Uninitialized(channels, x.DType), variance = Tensor.Uninitialized(channels, x.DType), source = Elements.ToContiguous(x);
        var moments = new MomentsWork(source, mean, variance);
        Dispatch.Floating(x.DType, "BatchNorm", ref moments);
        Tensor inverse = (variance + eps).Rsqrt(), y = Tensor.Uninitialized(x.Shape, x.DType);
        var work = new ForwardWork(source, Elements.ToContiguous(w), Elements.ToContiguous(b), mean, inverse, y);
        Dispatch.Floating(x.DType, "BatchNorm", ref work);
        if (History.IsWanted(x) || History.IsWanted(w) || History.IsWanted(b))
            History.Record(new ReadOnlySpan<Tensor>(in y), new BatchNormNode(x, w, b, eps, mean, inverse), [x, w, b]);
        return (y, mean, variance);

        bool Fits(Tensor? parameter) => parameter is null || parameter.DType == x.DType && parameter.Shape.Equals(channels);
    }

    /// <summary>How a kernel sees x: so many channels, and elements of each beside each other.</summary>
    internal static (int N, int C, int L) Sizes(Tensor x) => (x.Shape[0], x.Shape[1], x.NDim == 2 ? 1 : x.Shape[2]);

    private readonly struct MomentsWork(Tensor x, Tensor mean, Tensor variance) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int n, int c, int l) = Sizes(x);
            Kernels.BatchNorm.Moments(x.Span<T>(), n, c, l, mean.Span<T>(), variance.Span<T>());
            GC.KeepAlive(x);
            GC.KeepAlive(mean);
            GC.KeepAlive(variance);
        }
    }

    private readonly struct ForwardWork(Tensor x, Tensor w, Tensor b, Tensor mean, Tensor inverse, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int n, int c, int l) = Sizes(x);
            Kernels.BatchNorm.Forward<T>(x.Span<T>(), n, c, l, w.Span<T>(), b.Span<T>(), mean.Span<T>(), inverse.Span<T>(), y.Span<T>());
            GC.KeepAlive(x);
            GC.KeepAlive(w);
            GC.KeepAlive(b);
            GC.KeepAlive(mean);
            GC.KeepAlive(inverse);
            GC.KeepAlive(y);
        }
    }
}

/// <summary>The node of <see cref="BatchNormOp"/>; its inputs are x, w and b.</summary>
internal sealed class BatchNormNode : TernaryNode
{
    private readonly double _eps;
    private Saved _x, _w, _mean, _inverse;

    internal BatchNormNode(Tensor x, Tensor w, Tensor b, double eps, Tensor mean, Tensor inverse) : base(x, w, b)
    {
        _eps = eps;
        _x = Adjoint.Saved.Input(x);
        _w = Adjoint.Saved.Input(w);
        _mean = Adjoint.Saved.Input(mean);
        _inverse = Adjoint.Saved.Input(inverse);
    }

    public override string Name => "NativeBatchNormBackward0";

    public override IReadOnlyDictionary<string, object?> Saved =>
        SavedValues.Of(this, new Parameters(_eps), ("input", _x), ("weight", _w), ("result1", _mean), ("result2", _inverse));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, bool needsZ, out Tensor? dx, out Tensor? dy, out Tensor? dz)
    {
        Tensor x = _x.Get(this), w = _w.Get(this);
        (dx, dy, dz) = (null, null, null);
        if (!History.RulesAreRecorded)
        {
            var work = new BackwardWork(Elements.ToContiguous(g), Elements.ToContiguous(x), Elements.ToContiguous(w), _mean.Get(this), _inverse.Get(this),
                needsX ? Tensor.Uninitialized(x.Shape, x.DType) : null, Tensor.Uninitialized(w.Shape, w.DType), Tensor.Uninitialized(w.Shape, w.DType));
            Dispatch.Floating(x.DType, "BatchNorm", ref work);
            (dx, dy, dz) = (work.Dx, needsY ? work.Dw : null, needsZ ? work.Db : null);
            return;
        }
        int[] dims = Dims(x);
        Tensor normalized = Standardized(x, out Tensor inverse);
        if (needsX) dx = Projected(g * Spread(w, x), normalized, inverse, dims);
        if (needsY) dy = (g * normalized).Sum(dims);
        if (needsZ) dz = g.Sum(dims);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor x = _x.Get(this), normalized = Standardized(x, out Tensor inverse);
        Tensor? sum = tangents[0] is { } tx ? Projected(tx, normalized, inverse, Dims(x)) * Spread(_w.Get(this), x) : null;
        if (tangents[1] is { } tw) sum = sum is null ? normalized * Spread(tw, x) : sum + normalized * Spread(tw, x);
        if (tangents[2] is { } tb) sum = sum is null ? Spread(tb, x).Expand(x.Shape) : sum + Spread(tb, x);
        return [sum];
    }

    private static int[] Dims(Tensor x) => x.NDim == 2 ? [0] : [0, 2];

    private static Tensor Spread(Tensor w, Tensor x) => w.View(x.NDim == 2 ? [1, w.NumEl] : [1, w.NumEl, 1]);

    private Tensor Standardized(Tensor x, out Tensor inverse)
    {
        (Tensor variance, Tensor mean) = x.VarMean(Dims(x), correction: 0, keepDim: true);
        inverse = (variance + _eps).Rsqrt();
        return (x - mean) * inverse;
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

    private readonly struct BackwardWork(Tensor g, Tensor x, Tensor w, Tensor mean, Tensor inverse, Tensor? dx, Tensor dw, Tensor db) : IFloatingWork
    {
        public Tensor? Dx => dx;

        public Tensor Dw => dw;

        public Tensor Db => db;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (int n, int c, int l) = BatchNormOp.Sizes(x);
            Kernels.BatchNorm.Backward<T>(g.Span<T>(), x.Span<T>(), n, c, l, w.Span<T>(), mean.Span<T>(), inverse.Span<T>(),
                dx is null ? default : dx.Span<T>(), dw.Span<T>(), db.Span<T>());
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
