namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The product of a matrix and a vector: [m, k] · [k].</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Mv(Tensor vector) => VectorProducts.CheckedMv(this, vector.Given());

    /// <summary>The sum of the products of two vectors' elements, as a tensor without dimensions.</summary>
    /// <exception cref="ShapeException">They are no vectors, or their lengths differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Dot(Tensor other) => VectorProducts.CheckedDot(this, other.Given());

    /// <summary>The matrix of all products of two vectors' elements: zᵢⱼ = xᵢ·yⱼ.</summary>
    /// <exception cref="ShapeException">They are no vectors.</exception>
    public Tensor Outer(Tensor other) => VectorProducts.Outer(this, other.Given());
}

/// <summary>Products in which a vector takes part; the arithmetic is that of matrices with one row or column.</summary>
internal static class VectorProducts
{
    internal static Tensor CheckedMv(Tensor a, Tensor v)
    {
        if (a.NDim != 2 || v.NDim != 1)
            throw new ShapeException($"Mv: needs a matrix and a vector, but the shapes are {a.Shape} and {v.Shape}.");
        MatMulOp.Check("Mv", a, v);
        return Mv(a, v);
    }

    internal static Tensor CheckedDot(Tensor x, Tensor y)
    {
        if (x.NDim != 1 || y.NDim != 1)
            throw new ShapeException($"Dot: needs two vectors, but the shapes are {x.Shape} and {y.Shape}. Use MatMul for other ranks.");
        MatMulOp.Check("Dot", x, y);
        return Dot(x, y);
    }

    internal static Tensor Mv(Tensor a, Tensor v)
    {
        Tensor y = Product.Forward(a, false, Column(v), false);
        y = y.Alias([a.Shape[0]], null, 0);
        return History.IsWanted(a) || History.IsWanted(v) ? History.Record(y, new MvNode(a, v), a, v) : y;
    }

    internal static Tensor Dot(Tensor x, Tensor y)
    {
        Tensor z = Product.Forward(Row(x), false, Column(y), false);
        z = z.Alias(Shape.Scalar, null, 0);
        return History.IsWanted(x) || History.IsWanted(y) ? History.Record(z, new DotNode(x, y), x, y) : z;
    }

    internal static Tensor Outer(Tensor x, Tensor y)
    {
        if (x.NDim != 1 || y.NDim != 1)
            throw new ShapeException($"Outer: needs two vectors, but the shapes are {x.Shape} and {y.Shape}.");
        return x.View(x.NumEl, 1) * y;
    }

    private static Tensor Column(Tensor v) => v.Alias([v.NumEl, 1], [v.Strides[0], 1], v.Offset);

    private static Tensor Row(Tensor v) => v.Alias([1, v.NumEl], [v.NumEl, v.Strides[0]], v.Offset);
}

/// <summary>y = A·v,   dA = g·vᵀ,   dv = Aᵀ·g.</summary>
internal sealed class MvNode : BinaryNode
{
    private Saved _a, _v;

    internal MvNode(Tensor a, Tensor v) : base(a, v)
    {
        bool all = ForwardMode.Level != 0;
        if (all || v.RequiresGrad) _a = Adjoint.Saved.Input(a);
        if (all || a.RequiresGrad) _v = Adjoint.Saved.Input(v);
    }

    public override string Name => "MvBackward0";

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, default(NoParameters), ("self", _a), ("vec", _v));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = needsX ? g.Outer(_v.Get(this)) : null;
        dy = needsY ? Product.Apply(_a.Get(this), true, g.Reshape(g.NumEl, 1), false).View(-1) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = tangents[0] is { } ta ? VectorProducts.Mv(ta, _v.Get(this)) : null;
        Tensor? y = tangents[1] is { } tv ? VectorProducts.Mv(_a.Get(this), tv) : null;
        return [x is null || y is null ? x ?? y : x + y];
    }

    internal override void ReleaseSaved()
    {
        _a.Free();
        _v.Free();
    }
}

/// <summary>z = Σ xᵢ·yᵢ,   dx = g·y,   dy = g·x.</summary>
internal sealed class DotNode : BinaryNode
{
    private Saved _x, _y;

    internal DotNode(Tensor x, Tensor y) : base(x, y)
    {
        bool all = ForwardMode.Level != 0;
        if (all || y.RequiresGrad) _x = Adjoint.Saved.Input(x);
        if (all || x.RequiresGrad) _y = Adjoint.Saved.Input(y);
    }

    public override string Name => "DotBackward0";

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, default(NoParameters), ("self", _x), ("tensor", _y));

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = needsX ? g * _y.Get(this) : null;
        dy = needsY ? g * _x.Get(this) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? x = tangents[0] is { } tx ? VectorProducts.Dot(tx, _y.Get(this)) : null;
        Tensor? y = tangents[1] is { } ty ? VectorProducts.Dot(_x.Get(this), ty) : null;
        return [x is null || y is null ? x ?? y : x + y];
    }

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
    }
}
