namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The products of all elements up to each along a dimension; integers and bools multiply as Int64.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumProd(int dim) => Door.Run(new CumProdOp(Shape.Wrap(dim)), SumOp.Accumulable(this));

    /// <summary>xₖ = Π xⱼ over j ≤ k along a dimension, in place: torch's cumprod_.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor CumProdInPlace(int dim) => Replacement.InPlace("CumProdInPlace", this, x => x.CumProd(dim).To(x.DType));
}

/// <summary>yₖ = Π xⱼ for j ≤ k.</summary>
internal readonly struct CumProdOp(int dim) : ITensorOperation, IByHand
{
    public string Name => "cumprod";

    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public void Write(Hand hand) => Scanning.Write(hand, dim, products: true);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, y = Scanning.Run(x, dim, products: true);
        return History.IsWanted(here, x)
            ? History.Record(here, y, new RuleNode<CumProdRule>(here, new CumProdRule(here, x, y, dim), x), x)
            : y;
    }
}

/// <summary>dxᵢ = yᵢ₋₁·rᵢ with rᵢ = gᵢ + xᵢ₊₁·rᵢ₊₁,   and the tangent is uₖ = yₖ₋₁·tₖ + xₖ·uₖ₋₁.</summary>
/// <remarks>Nothing is divided by, so zeros are numbers like others, for derivatives of every order.</remarks>
internal struct CumProdRule(Here here, Tensor x, Tensor y, int dim) : IRule
{
    private Saved _x = Saved.Input(here, x), _y = Saved.Output(here, y);

    public readonly string NodeName => "CumprodBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor x = _x.Get(node);
        dx[0] = x.NDim == 0 || x.NumEl == 0 ? g[0]
            : Recurrence.Before(_y.Get(node), dim, 1) * Recurrence.Run(g[0]!, Recurrence.After(x, dim), dim, fromEnd: true);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor x = _x.Get(node);
        dy[0] = x.NDim == 0 || x.NumEl == 0 ? t[0]
            : Recurrence.Run(t[0]! * Recurrence.Before(_y.Get(node), dim, 1), x, dim, fromEnd: false);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _x);
        to.Add("result", _y);
    }

    public void Free()
    {
        _x.Free();
        _y.Free();
    }
}

public static partial class OpTable
{
    private static Op CumProd => Op.Of(OpKind.Other, "cumprod", x => x.CumProd(1), Cube,
        new() { Formula = "y[i] = Π x[j] over j ≤ i", Torch = "x.cumprod(1)", Gradient = "Σ g[i]·Π of the others over i ≥ j" });

    private static Op CumprodZeros => Op.Of(OpKind.Other, "cumprod_zeros", x => (x * Chosen(x).To(DType.Float64)).CumProd(1), Matrix,
        new()
        {
            Formula = "y[i] = Π x[j] over j ≤ i, with zeros among them",
            Torch = "(x * chosen(x).double()).cumprod(1)",
            Gradient = "Σ g[i]·Π of the others over i ≥ j",
        });
}
