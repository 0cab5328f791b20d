namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The X for which A·X is closest to B, and of several the smallest: torch.linalg.lstsq, by singular values (LAPACK's gelsd). The
    /// gradient of X is that of A⁺·B (Golub and Pereyra 1973).
    /// </summary>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <param name="other">B [*, m, k]; the batches broadcast.</param>
    /// <param name="rcond">Singular values up to so much of the largest count as 0; by default max(m, n)·ε of the dtype.</param>
    /// <returns>
    /// X [*, n, k]; for more rows than columns Σ (A·X − B)² [*, k], else an empty tensor; the ranks [*] (Int64); the singular values.
    /// </returns>
    /// <exception cref="LinalgException">A matrix has numbers that are not finite.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rcond is NaN or below 0.</exception>
    /// <example><code>
    /// Tensor a = Tensor.From([[1.0, 0], [1, 1], [1, 2]]), b = Tensor.From([[1.0], [3], [5]]);
    /// Tensor line = a.Linalg.LstSq(b).Solution;            // [[1], [2]]: 1 + 2·t
    /// </code></example>
    public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) LstSq(
        Tensor x, Tensor other, double? rcond = null)
    {
        const string Operation = "Linalg.LstSq";
        other.Given();
        if (rcond is { } bound) bound.In(Interval.NotNegative, nameof(rcond));
        MatrixBatch.Checked(Operation, x.Given());
        MatrixBatch.Checked(Operation, other);
        MatrixBatch.SameType(Operation, x, other);
        if (x.Shape[-2] != other.Shape[-2])
            throw new ShapeException($"{Operation}: both must have as many rows, but the shapes are {x.Shape} and {other.Shape}.");
        (double atol, double rtol) = PInvOp.Bounds(x, null, rcond);
        (Tensor a, Tensor b) = MatrixBatch.Together(Operation, x, other);
        Tensor?[] results = Door.RunMany(new LstSqOp(rtol), a, b);
        Tensor solution = results[0]!, values = results[1]!;
        Tensor residuals = a.Shape[-2] > a.Shape[-1]
            ? (a.MatMul(solution) - b).Square().Sum(-2) : Tensor.Zeros([0], a.DType);
        Tensor rank = PInvOp.Reciprocals(values, atol, rtol).Ne(0).Sum(-1);
        return (solution, residuals, rank, values);
    }
}

/// <summary>X = A⁺·B and σ,   dB = A⁺ᵀ·g, dA as of the pseudo-inverse with g·Bᵀ.</summary>
internal readonly struct LstSqOp(double rtol) : ITensorsOperation, IByHand
{
    public string Name => "linalg_lstsq";

    public void Describe(OpAttributes to) => to.Add("rcond", rtol);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, b = inputs[1]!, x, s;
        using (Unrecorded.Begin()) (x, s) = Made(a, b);
        if (History.IsWanted(here, a, b))
            History.Record(new ReadOnlySpan<Tensor>(in x), new RuleNode<LstSqRule>(here, new(here, a, b, rtol), a, b), [a, b]);
        return [x, s];
    }

    public void Write(Hand hand)
    {
        LstSqOp own = this;
        HandParts.Written(hand, x => own.Made(x[0], x[1]) is var (y, s) ? [y, s] : [], hand.Input(0), hand.Input(1));
    }

    private (Tensor X, Tensor Values) Made(Tensor a, Tensor b)
    {
        (Tensor u, Tensor s, Tensor vh) = SvdOp.Apply(a, full: false);
        return (vh.MT.MatMul(PInvOp.Reciprocals(s, 0, rtol).Unsqueeze(-1) * u.MT.MatMul(b)), s);
    }
}

/// <summary>The rule of <see cref="LstSqOp"/>; dX = dA⁺·B + A⁺·dB.</summary>
internal struct LstSqRule(Here here, Tensor a, Tensor b, double rtol) : IRule
{
    private Saved _a = Saved.Input(here, a), _b = Saved.Input(here, b);

    public readonly string NodeName => "LinalgLstsqBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor a = _a.Get(node), p = PInvOp.Apply("Linalg.LstSq", a, 0, rtol);
        if (wanted[0]) dx[0] = PInvRule.Gradient(a, p, g[0]!.MatMul(_b.Get(node).MT));
        if (wanted[1]) dx[1] = p.MT.MatMul(g[0]!);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor a = _a.Get(node), p = PInvOp.Apply("Linalg.LstSq", a, 0, rtol);
        Tensor? ofA = t[0] is { } ta ? PInvRule.Tangent(a, p, ta).MatMul(_b.Get(node)) : null;
        Tensor? ofB = t[1] is { } tb ? p.MatMul(tb) : null;
        dy[0] = ofA is null || ofB is null ? ofA ?? ofB : ofA + ofB;
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _a);
        to.Add("b", _b);
        to.Attributes.Add("rcond", rtol);
    }

    public void Free()
    {
        _a.Free();
        _b.Free();
    }
}

public static partial class OpTable
{
    private static Op LstSq => Op.Of(OpKind.Other, "lstsq",
        (x, y) => Linalg.LstSq(WellConditioned(x), y).Solution, new OpInput([2, 4, 3], Domain.Reals), new OpInput([2, 4, 2], Domain.Reals),
        new()
        {
            Formula = "the z of the smallest ‖x·z − y‖",
            Torch = "torch.linalg.pinv(well_conditioned(x)) @ y",
            Gradient = "∂y: x⁺ᵀ·g, ∂x: as of x⁺ with g·yᵀ",
            Slack = 100,
        });
}
