namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The decomposition P·A = L·U with exchanges of rows, as it is computed: torch.linalg.lu_factor. What solves systems with it again and
    /// again is <see cref="LuSolve"/>; L, U and P by themselves are <see cref="Lu"/>.
    /// </summary>
    /// <param name="x">A [*, m, n], of floating point. A singular matrix is decomposed as well, with a 0 on the diagonal of U.</param>
    /// <returns>
    /// L below the diagonal, without its ones, and U on and above it; and for each row of the first min(m, n), counted from 1, the one
    /// that it was exchanged with (Int32).
    /// </returns>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static (Tensor Lu, Tensor Pivots) LuFactor(Tensor x) =>
        LuFactorOp.Apply(MatrixBatch.Checked("Linalg.LuFactor", x.Given()), "Linalg.LuFactor");
}

/// <summary>A = P·L·U; the gradient of L and U together, as they lie in one matrix.</summary>
internal readonly struct LuFactorOp : ITensorsOperation, IByHand
{
    internal static (Tensor Lu, Tensor Pivots) Apply(Tensor a, string operation)
    {
        MatrixBatch.Checked(operation, a);
        Tensor?[] results = Door.RunMany(new LuFactorOp(), a);
        return (results[0]!, results[1]!);
    }

    public string Name => "linalg_lu_factor_ex";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        Factored.Of(a, "Linalg.LuFactor", out Tensor lu, out Tensor pivots);
        if (History.IsWanted(here, a))
            History.Record((Tensor[])[lu, pivots], new RuleNode<LuFactorRule>(here, new(here, lu, pivots), a), [a]);
        return [lu, pivots];
    }

    public void Write(Hand hand)
    {
        (HandTensor lu, HandTensor pivots) = HandMatrices.Factored(hand, hand.Input(0), refusesSingular: false);
        hand.Copy(lu, hand.Result);
        // They are counted from 1 in the result.
        if (hand.ResultOrNull(1) is { } counted)
            hand.Each(e => hand.Store(e[0], $"{hand.Element(e[1])} + 1"), counted.As(pivots.Shape, [1], counted.Offset), pivots);
    }
}

/// <summary>
/// The rule of <see cref="LuFactorOp"/>: with M = L⁻¹·Pᵀ·dA·U⁻¹ of the leading square, dL = L·tril(M, −1) and dU = triu(M)·U; what is
/// below or beside the square follows from A = P·L·U.
/// </summary>
internal struct LuFactorRule(Here here, Tensor lu, Tensor pivots) : IRule
{
    private Saved _lu = Saved.Output(here, lu), _pivots = Saved.Output(here, pivots);

    public readonly string NodeName => "LinalgLuFactorExBackward0";

    public readonly int Results => 2;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0] || gradients[0] is not { } g) return;
        Tensor lu = _lu.Get(node);
        int m = lu.Shape[-2], n = lu.Shape[-1], k = Math.Min(m, n);
        (Tensor l, Tensor u) = Square(lu, k);
        Tensor square = Narrow(g, k, k), below = l.MT.MatMul(square.Tril(-1)).Tril(-1), above = square.Triu().MatMul(u.MT).Triu();
        Tensor? beside = null;
        if (n > k)
        {
            Tensor ofRest = g.Narrow(-1, k, n - k);
            below -= ofRest.MatMul(lu.Narrow(-1, k, n - k).MT).Tril(-1);
            beside = SolveTriangularOp.Left(l.MT, ofRest, upper: true, unit: true);
        }
        Tensor? under = null;
        if (m > k)
        {
            Tensor ofRest = g.Narrow(-2, k, m - k);
            above -= lu.Narrow(-2, k, m - k).MT.MatMul(ofRest).Triu();
            under = SolveTriangularOp.Right(u.MT, ofRest, upper: false);
        }
        Tensor inner = SolveTriangularOp.Left(l.MT, below + above, upper: true, unit: true);
        Tensor a = SolveTriangularOp.Right(u.MT, inner, upper: false);
        if (beside is not null) a = Tensor.Cat([a, beside], -1);
        if (under is not null) a = Tensor.Cat([a, under], -2);
        dx[0] = Permutation.Rows(a, Permutation.Of(_pivots.Get(node), m).ArgSort());
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor lu = _lu.Get(node);
        int m = lu.Shape[-2], n = lu.Shape[-1], k = Math.Min(m, n);
        (Tensor l, Tensor u) = Square(lu, k);
        Tensor da = Permutation.Rows(t[0]!, Permutation.Of(_pivots.Get(node), m));
        Tensor left = SolveTriangularOp.Left(l, Narrow(da, k, k), upper: false, unit: true);
        Tensor both = SolveTriangularOp.Right(u, left, upper: true), below = both.Tril(-1), above = both.Triu();
        Tensor d = l.MatMul(below) + above.MatMul(u);
        if (n > k)
        {
            Tensor rest = SolveTriangularOp.Left(l, da.Narrow(-1, k, n - k), upper: false, unit: true);
            d = Tensor.Cat([d, rest - below.MatMul(lu.Narrow(-1, k, n - k))], -1);
        }
        if (m > k)
        {
            Tensor rest = SolveTriangularOp.Right(u, da.Narrow(-2, k, m - k), upper: true);
            d = Tensor.Cat([d, rest - lu.Narrow(-2, k, m - k).MatMul(above)], -2);
        }
        dy[0] = d;
    }

    private static (Tensor L, Tensor U) Square(Tensor lu, int k)
    {
        Tensor square = Narrow(lu, k, k);
        return (square.Tril(-1) + Tensor.Eye(k, dtype: lu.DType), square.Triu());
    }

    private static Tensor Narrow(Tensor x, int rows, int columns) => x.Narrow(-2, 0, rows).Narrow(-1, 0, columns);

    public readonly void Show(SavedValues to)
    {
        to.Add("LU", _lu);
        to.Add("pivots", _pivots);
    }

    public void Free()
    {
        _lu.Free();
        _pivots.Free();
    }
}

public static partial class OpTable
{
    private static OpInfo LuFactorInfo => new()
    {
        Formula = "L and U of x = P·L·U in one matrix",
        Torch = "torch.linalg.lu_factor(x)[0]",
        Gradient = "P·L⁻ᵀ·(tril(Lᵀ·g, −1) + triu(g·Uᵀ))·U⁻ᵀ",
    };

    private static Op LuFactor => Op.Of(OpKind.Other, "lu_factor", x => Linalg.LuFactor(x).Lu, SquareMatrix, LuFactorInfo);

    private static Op LuFactorWide => Op.Of(OpKind.Other, "lu_factor_wide", x => Linalg.LuFactor(x).Lu, Cube, LuFactorInfo);

    private static Op LuFactorTall => Op.Of(OpKind.Other, "lu_factor_tall", x => Linalg.LuFactor(x).Lu, new OpInput([4, 2], Domain.Reals),
        LuFactorInfo);
}
