namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The products of all elements up to each along a dimension; integers and bools multiply as Int64.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumProd(int dim) => CumProdNode.Apply(SumOp.Accumulable(this), dim);
}

/// <summary>yₖ = Π xⱼ for j ≤ k,   dxᵢ = yᵢ₋₁·rᵢ with rᵢ = gᵢ + xᵢ₊₁·rᵢ₊₁,   and the tangent is uₖ = yₖ₋₁·tₖ + xₖ·uₖ₋₁.</summary>
/// <remarks>Nothing is divided by, so zeros are numbers like others, for derivatives of every order.</remarks>
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
        if (x.NDim == 0 || x.NumEl == 0) return g;
        return Recurrence.Before(_y.Get(this), _dim, 1) * Recurrence.Run(g, Recurrence.After(x, _dim), _dim, fromEnd: true);
    }

    private protected override Tensor? Jvp(Tensor t)
    {
        Tensor x = _x.Get(this);
        if (x.NDim == 0 || x.NumEl == 0) return t;
        return Recurrence.Run(t * Recurrence.Before(_y.Get(this), _dim, 1), x, _dim, fromEnd: false);
    }
}
