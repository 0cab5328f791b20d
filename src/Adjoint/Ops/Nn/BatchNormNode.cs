using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The node of <see cref="BatchNormOp"/>; its inputs are x, w and b.</summary>
internal sealed class BatchNormNode : TernaryNode
{
    private readonly bool _ofBatch;
    private readonly double _eps;
    private Saved _x, _w, _mean, _inverse;

    /// <param name="x">x.</param>
    /// <param name="w">w.</param>
    /// <param name="b">b.</param>
    /// <param name="ofBatch">Whether mean and variance are those of x itself, and so change with it.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The mean, [C].</param>
    /// <param name="inverse">r, [C].</param>
    internal BatchNormNode(Tensor x, Tensor w, Tensor b, bool ofBatch, double eps, Tensor mean, Tensor inverse) : base(x, w, b)
    {
        (_ofBatch, _eps) = (ofBatch, eps);
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
        if (_ofBatch && x.NumEl > 0 && !History.RulesAreRecorded)
        {
            var work = new BackwardWork(
                Elements.ToContiguous(g), Elements.ToContiguous(x), Elements.ToContiguous(w), _mean.Get(this), _inverse.Get(this),
                needsX ? Tensor.Uninitialized(x.Shape, x.DType) : null, Tensor.Uninitialized(w.Shape, w.DType), Tensor.Uninitialized(w.Shape, w.DType));
            Dispatch.Floating(x.DType, "BatchNorm", ref work);
            (dx, dy, dz) = (work.Dx, needsY ? work.Dw : null, needsZ ? work.Db : null);
            return;
        }
        int[] dims = BatchNormOp.Dims(x);
        if (needsX || needsY)
        {
            Tensor normalized = Standardized(x, out Tensor inverse);
            if (needsX) dx = Projected(g * BatchNormOp.Spread(w, x), normalized, inverse, dims);
            if (needsY) dy = (g * normalized).Sum(dims);
        }
        if (needsZ) dz = g.Sum(dims);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor x = _x.Get(this), w = _w.Get(this), normalized = Standardized(x, out Tensor inverse);
        Tensor? sum = tangents[0] is { } tx ? Projected(tx, normalized, inverse, BatchNormOp.Dims(x)) * BatchNormOp.Spread(w, x) : null;
        if (tangents[1] is { } tw) sum = Plus(sum, normalized * BatchNormOp.Spread(tw, x));
        if (tangents[2] is { } tb) sum = Plus(sum, BatchNormOp.Spread(tb, x).Expand(x.Shape));
        return [sum];

        static Tensor Plus(Tensor? s, Tensor t) => s is null ? t : s + t;
    }

    /// <summary>x̂ and r; where the rule itself is recorded they are computed from x again, because they depend on it.</summary>
    private Tensor Standardized(Tensor x, out Tensor inverse)
    {
        Tensor mean = BatchNormOp.Spread(_mean.Get(this), x);
        inverse = BatchNormOp.Spread(_inverse.Get(this), x);
        if (_ofBatch && x.NumEl > 0 && History.RulesAreRecorded)
        {
            (Tensor variance, mean) = x.VarMean(BatchNormOp.Dims(x), correction: 0, keepDim: true);
            inverse = (variance + _eps).Rsqrt();
        }
        return (x - mean) * inverse;
    }

    /// <summary>The Jacobian of x̂, which is symmetric, times t: r·(t − mean(t) − x̂·mean(t·x̂)), or r·t.</summary>
    private Tensor Projected(Tensor t, Tensor normalized, Tensor inverse, int[] dims) => !_ofBatch || t.NumEl == 0
        ? t * inverse
        : (t - t.Mean(dims, keepDim: true) - normalized * (t * normalized).Mean(dims, keepDim: true)) * inverse;

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
