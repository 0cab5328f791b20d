namespace Adjoint;

/// <summary>y = x with the numbers of a source multiplied to it, or compared with it, at one index along a dimension.</summary>
// isGiven: the index comes from elsewhere, and is checked when it is used.
internal readonly struct ScatterReduceOp(int dim, Tensor index, ScatterReduction reduce, bool isGiven = false) : ITensorOperation,
    IHolder<ScatterReduceOp>, IByHand
{
    public string Name => "scatter_reduce";

    public IReadOnlyList<Tensor> Held => [index];

    public ScatterReduceOp Holding(IReadOnlyList<Tensor> held)
    {
        if (ReferenceEquals(held[0], index)) return this;
        return new(dim, IndexTensors.Like(held[0], index), reduce, isGiven: true);
    }

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("index", index);
        to.Add("reduce", $"{reduce}");
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, source = inputs[1]!, y = Elements.Copy(x);
        if (isGiven) IndexTensors.RequireInside(index, x.NDim == 0 ? 1 : x.Shape[dim]);
        Picking.Combine(y, dim, index, source, reduce);
        return History.IsWanted(here, x, source)
            ? History.Record(
                here, y, new RuleNode<ScatterReduceRule>(here, new ScatterReduceRule(here, dim, index, reduce, x, source, y), x, source),
                x, source)
            : y;
    }

    public void Write(Hand hand)
    {
        ScatterReduction how = reduce;
        hand.Copy(hand.Input(0), hand.Result);
        HandTensor places = hand.Input(2);
        Picking.Write(hand, hand.Result, dim, places, hand.Input(1), (x, y) =>
        {
            string old = hand.Element(x), value = hand.Element(y);
            string isNaN = x.DType.IsFloatingPoint ? $" || {old} != {old}" : "";
            if (how == ScatterReduction.Prod) hand.Line($"{old} *= {value};");
            else hand.Block($"if (!({old} {(how == ScatterReduction.Amax ? ">" : "<")} {value}{isNaN}))", () => hand.Store(x, value));
        });
    }
}

/// <summary>
/// dx = g·∂y/∂x, and of the source g at its places times its slopes. Of an extreme they are 1/k at each of the k that equal it; of a
/// product the product of the others.
/// </summary>
internal struct ScatterReduceRule(Here here, int dim, Tensor index, ScatterReduction reduce, Tensor x, Tensor source, Tensor y) : IRule
{
    private readonly int _version = index.ChangeCount;
    private Saved _x = Saved.Input(here, x), _source = Saved.Input(here, source), _y = Saved.Output(here, y);

    public readonly string NodeName => "ScatterReduceBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor places = Places();
        (Tensor ofX, Tensor ofSource) = Slopes(node, places);
        if (wanted[0]) dx[0] = g[0]! * ofX;
        if (wanted[1]) dx[1] = g[0]!.Gather(dim, places) * ofSource;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor places = Places();
        (Tensor ofX, Tensor ofSource) = Slopes(node, places);
        Tensor sum = t[0] is { } tangent ? tangent * ofX : _y.Get(node).ZerosLike();
        dy[0] = t[1] is { } other ? sum.ScatterAdd(dim, places, other * ofSource) : sum;
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _x);
        to.Add("src", _source);
        to.Add("result", _y);
    }

    public void Free()
    {
        _x.Free();
        _source.Free();
        _y.Free();
    }

    // One list for all slices is repeated once here, and not by everyone who reads it.
    private readonly Tensor Places() => IndexTensors.Unchanged(NodeName, index, _version).Contiguous();

    private readonly (Tensor X, Tensor Source) Slopes(Node node, Tensor places)
    {
        Tensor x = _x.Get(node), source = _source.Get(node);
        return reduce == ScatterReduction.Prod ? ProductSlopes(x, source, places) : Shares(x, source, _y.Get(node), places);
    }

    private readonly (Tensor X, Tensor Source) Shares(Tensor x, Tensor source, Tensor y, Tensor places)
    {
        Tensor ofX = AreEqual(x, y).To(x.DType), ofSource = AreEqual(source, y.Gather(dim, places)).To(x.DType);
        Tensor count = ofX.ScatterAdd(dim, places, ofSource);
        return (ofX / count, ofSource / count.Gather(dim, places));
    }

    private static Tensor AreEqual(Tensor x, Tensor y) => x.Detach().Eq(y.Detach()) | (x.Detach().IsNaN() & y.Detach().IsNaN());

    // Divided by the factor itself, unless that is 0; then it is the product of all that are not, if no other is 0.
    private readonly (Tensor X, Tensor Source) ProductSlopes(Tensor x, Tensor source, Tensor places)
    {
        Tensor isZero = x.Detach().Eq(0), sourceIsZero = source.Detach().Eq(0);
        Tensor factor = x.MaskedFill(isZero, 1), sourceFactor = source.MaskedFill(sourceIsZero, 1);
        Tensor product = Door.Run(new ScatterReduceOp(dim, places, ScatterReduction.Prod), factor, sourceFactor);
        Tensor zeros = isZero.To(x.DType).ScatterAdd(dim, places, sourceIsZero.To(x.DType));
        Tensor ofX = (product / factor).MaskedFill((zeros - isZero.To(x.DType)).Ne(0), 0);
        Tensor ofSource = (product.Gather(dim, places) / sourceFactor)
            .MaskedFill((zeros.Gather(dim, places) - sourceIsZero.To(x.DType)).Ne(0), 0);
        return (ofX, ofSource);
    }
}

public static partial class OpTable
{
    private static Tensor Targets => Places(0, 3, 3, 1, 3, 0).Reshape(3, 2);

    private static Op ScatterReduce(string name, ScatterReduction reduce, bool includeSelf, OpKind kind) =>
        Op.Of(kind, "scatter_reduce_" + name,
        (x, y) => x.ScatterReduce(1, Targets, y, reduce, includeSelf), Matrix, Matrix,
        new()
        {
            Formula = "x with y[i, j] combined with it at [i, place[i, j]]",
            Torch = $"x.scatter_reduce(1, places(0, 3, 3, 1, 3, 0).reshape(3, 2), y[:, :2], \"{name}\", include_self={includeSelf})",
            Gradient = kind == OpKind.Other ? "g at each place, times the product of the others, or the share in an extreme" : "",
        });

    private static Op ScatterReduceSum => ScatterReduce("sum", ScatterReduction.Sum, false, OpKind.Composite);

    private static Op ScatterReduceMean => ScatterReduce("mean", ScatterReduction.Mean, true, OpKind.Composite);

    private static Op ScatterReduceProd => ScatterReduce("prod", ScatterReduction.Prod, true, OpKind.Other);

    private static Op ScatterReduceAmax => ScatterReduce("amax", ScatterReduction.Amax, true, OpKind.Other);

    private static Op ScatterReduceAmin => ScatterReduce("amin", ScatterReduction.Amin, false, OpKind.Other);

    private static Op IndexReduce => Op.Of(OpKind.Composite, "index_reduce", (x, y) => x.IndexReduce(1, Places(2, 0, 2), y,
        ScatterReduction.Prod),
        Matrix, new OpInput([3, 3], Domain.Reals),
        new() { Formula = "x with slices of y combined with it at places", Torch = "x.index_reduce(1, places(2, 0, 2), y, \"prod\")" });
}
