using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sums of all elements up to each along a dimension; integers and bools add up as Int64.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumSum(int dim) => Linear.Apply(new CumSumOp(Shape.Wrap(dim)), SumOp.Accumulable(this));

    /// <summary>The products of all elements up to each along a dimension; integers and bools multiply as Int64.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumProd(int dim) => CumProdNode.Apply(SumOp.Accumulable(this), dim);
}

/// <summary>yₖ = Σ xⱼ for j ≤ k; its transpose sums from the end.</summary>
internal readonly struct CumSumOp(int dim) : ILinearOp
{
    public static string NodeName => "CumsumBackward0";

    public Tensor Forward(Tensor x) => Scanning.Run(x, dim, products: false);

    public Tensor Apply(Tensor x) => x.CumSum(dim);

    public Tensor Transpose(Tensor g, TensorFacts x) => FromEnd(g, dim);

    internal static Tensor FromEnd(Tensor g, int dim) => g.NDim == 0 ? g : g.Flip(dim).CumSum(dim).Flip(dim);
}

/// <summary>yₖ = Π xⱼ for j ≤ k,   ∂yₖ/∂xᵢ = the product of the others for i ≤ k, which is yₖ/xᵢ where nothing is 0.</summary>
internal sealed class CumProdNode : UnaryNode
{
    private readonly int _dim;
    private Saved _x, _y;

    private CumProdNode(Tensor x, Tensor y, int dim) : base(x)
    {
        (_dim, _x, _y) = (dim, Adjoint.Saved.Input(x), Adjoint.Saved.Output(y));
    }

    public override string Name => "CumprodBackward0";

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, new NoParameters(), ("self", _x), ("result", _y));

    internal override void ReleaseSaved()
    {
        _x.Free();
        _y.Free();
    }

    internal static Tensor Apply(Tensor x, int dim)
    {
        int d = x.Shape.Wrap(dim);
        Tensor y = Scanning.Run(x, d, products: true);
        return History.IsWanted(x) ? History.Record(y, new CumProdNode(x, y, d), x) : y;
    }

    private protected override Tensor? Vjp(Tensor g)
    {
        Tensor x = _x.Get(this);
        if (x.NDim == 0) return g;
        if ((bool)x.All()) return CumSumOp.FromEnd(g * _y.Get(this), _dim) / x;
        return (Slopes(x) * g.MoveDim(_dim, -1).Unsqueeze(-2)).Sum(-1).MoveDim(-1, _dim);
    }

    private protected override Tensor? Jvp(Tensor t)
    {
        Tensor x = _x.Get(this);
        if (x.NDim == 0) return t;
        if ((bool)x.All()) return _y.Get(this) * (t / x).CumSum(_dim);
        return (Slopes(x) * t.MoveDim(_dim, -1).Unsqueeze(-1)).Sum(-2).MoveDim(-1, _dim);
    }

    /// <summary>[…, i, k] = ∂yₖ/∂xᵢ.</summary>
    private Tensor Slopes(Tensor x) => ProdOp<ProdDimName>.WithoutEach(x, _dim).CumProd(-1).Triu();
}

/// <summary>Running sums and products, without history.</summary>
internal static class Scanning
{
    internal static Tensor Run(Tensor x, int dim, bool products)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.NumEl == 0) return y;
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, x.NDim == 0 ? [] : [dim]);
        var work = new Work(block, outer, n, inner, y, products);
        Dispatch.Number(x.DType, ref work);
        return y;
    }

    private readonly struct Work(Tensor block, int outer, int n, int inner, Tensor y, bool products) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            if (products) Scan.Products(block.Span<T>(), outer, n, inner, y.Span<T>());
            else Scan.Sums(block.Span<T>(), outer, n, inner, y.Span<T>());
            GC.KeepAlive(block);
            GC.KeepAlive(y);
        }
    }
}
