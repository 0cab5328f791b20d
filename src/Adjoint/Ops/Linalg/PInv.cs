namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The pseudo-inverse of each matrix: PyTorch's x.pinverse(rcond), <see cref="Linalg.PInv"/>.</summary>
    /// <param name="rcond">Singular values up to so much of the largest count as 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is NaN or below 0.</exception>
    public Tensor PInverse(double rcond = 1e-15) => PInvOp.Apply("PInverse", this, 0, rcond.In(Interval.NotNegative));
}

public static partial class Linalg
{
    /// <summary>
    /// The pseudo-inverse of Moore and Penrose of each matrix: torch.linalg.pinv, by singular values. Those count as 0 that are not above
    /// max(atol, rtol·σ₁). The gradient is that of Golub and Pereyra 1973, where the rank does not change.
    /// </summary>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <param name="atol">The bound itself; by default 0.</param>
    /// <param name="rtol">
    /// The bound as a part of σ₁; by default max(m, n)·ε of the dtype, or 0 where <paramref name="atol"/> is above 0.
    /// </param>
    /// <param name="hermitian">Whether A is symmetric, and its eigenvalues may be taken; of each pair the element below the diagonal is
    /// read.</param>
    /// <exception cref="LinalgException">A matrix has numbers that are not finite.</exception>
    /// <exception cref="ShapeException">The tensor is no matrix, or no square one that is symmetric.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bound is NaN or below 0.</exception>
    public static Tensor PInv(Tensor x, double? atol = null, double? rtol = null, bool hermitian = false) =>
        PInvOp.Apply("Linalg.PInv", x.Given(), atol, rtol, hermitian);
}

/// <summary>P = A⁺,   dA = −Pᵀ·g·Pᵀ + (I − A·P)·gᵀ·P·Pᵀ + Pᵀ·P·gᵀ·(I − P·A).</summary>
internal readonly struct PInvOp(double atol, double rtol, bool hermitian) : ITensorOperation, IByHand
{
    internal static Tensor Apply(string operation, Tensor a, double? atol, double? rtol, bool hermitian = false)
    {
        if (hermitian) MatrixBatch.Square(operation, a);
        else MatrixBatch.Checked(operation, a);
        (double absolute, double relative) = Bounds(a, atol, rtol);
        try
        {
            return Door.Run(new PInvOp(absolute, relative, hermitian), a);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    /// <summary>The bounds of singular values, as PyTorch chooses them.</summary>
    internal static (double Absolute, double Relative) Bounds(Tensor a, double? atol, double? rtol)
    {
        double absolute = (atol ?? 0).In(Interval.NotNegative, nameof(atol));
        double relative = (rtol ?? (absolute > 0 ? 0 : Math.Max(a.Shape[-1], a.Shape[-2]) * a.DType.Row.Epsilon))
            .In(Interval.NotNegative, nameof(rtol));
        return (absolute, relative);
    }

    public string Name => "linalg_pinv";

    public void Describe(OpAttributes to)
    {
        to.Add("atol", atol);
        to.Add("rtol", rtol);
        to.Add("hermitian", hermitian);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, p;
        using (Unrecorded.Begin()) p = Made(a);
        return History.IsWanted(here, a) ? History.Record(here, p, new RuleNode<PInvRule>(here, new(here, a, p, atol, rtol), a), a) : p;
    }

    public void Write(Hand hand)
    {
        PInvOp own = this;
        HandParts.Written(hand, x => [own.Made(x[0])], hand.Input(0));
    }

    private Tensor Made(Tensor a)
    {
        if (hermitian)
        {
            (Tensor values, Tensor vectors) = Linalg.Eigh(a);
            return (vectors * Inverted(values, atol, rtol).Unsqueeze(-2)).MatMul(vectors.MT);
        }
        (Tensor u, Tensor s, Tensor vh) = SvdOp.Apply(a, full: false);
        return (vh.MT * Reciprocals(s, atol, rtol).Unsqueeze(-2)).MatMul(u.MT);
    }

    /// <summary>1/λ, and 0 where |λ| counts as 0.</summary>
    private static Tensor Inverted(Tensor values, double atol, double rtol)
    {
        if (values.Shape[-1] == 0) return values;
        Tensor size = values.Abs(), isZero = size <= (size.Amax(-1, keepDim: true) * rtol).ClampMin(atol);
        return (1.0 / values.MaskedFill(isZero, 1.0)).MaskedFill(isZero, 0.0);
    }

    /// <summary>1/σ, and 0 where σ counts as 0.</summary>
    internal static Tensor Reciprocals(Tensor s, double atol, double rtol)
    {
        if (s.Shape[-1] == 0) return s;
        Tensor isZero = s <= (s.Narrow(-1, 0, 1) * rtol).ClampMin(atol);
        return (1.0 / s.MaskedFill(isZero, 1.0)).MaskedFill(isZero, 0.0);
    }
}

/// <summary>The rule of <see cref="PInvOp"/>; dP = −P·dA·P + P·Pᵀ·dAᵀ·(I − A·P) + (I − P·A)·dAᵀ·Pᵀ·P.</summary>
internal struct PInvRule(Here here, Tensor a, Tensor p, double atol, double rtol) : IRule
{
    private Saved _a = Saved.Input(here, a), _p = Saved.Output(here, p);

    public readonly string NodeName => "LinalgPinvBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = Gradient(_a.Get(node), _p.Get(node), g[0]!);
    }

    /// <summary>The gradient of A from that of its pseudo-inverse.</summary>
    internal static Tensor Gradient(Tensor a, Tensor p, Tensor g)
    {
        // What cancels for a matrix of full rank does so before it is multiplied by what may be large; no product is as large as the square
        // of the longer side.
        Tensor pt = p.MT, gt = g.MT;
        if (a.Shape[-2] <= a.Shape[-1])
        {
            Tensor k = gt.MatMul(p), left = k.MatMul(pt);
            return left - a.MatMul(p).MatMul(left) + pt.MatMul(p).MatMul(gt - k.MatMul(a)) - p.MatMul(k).MT;
        }
        else
        {
            Tensor k = p.MatMul(gt), right = pt.MatMul(k);
            return right - right.MatMul(p.MatMul(a)) + (gt - a.MatMul(k)).MatMul(p.MatMul(pt)) - k.MatMul(p).MT;
        }
    }

    // Of a long matrix and a wide one the small product first.
    private static Tensor Product(Tensor x, Tensor y, Tensor z) =>
        (long)x.Shape[-2] * y.Shape[-1] <= (long)y.Shape[-2] * z.Shape[-1] ? x.MatMul(y).MatMul(z) : x.MatMul(y.MatMul(z));

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => dy[0] = Tangent(_a.Get(node), _p.Get(node), t[0]!);

    /// <summary>The tangent of the pseudo-inverse from that of A.</summary>
    internal static Tensor Tangent(Tensor a, Tensor p, Tensor t)
    {
        Tensor pt = p.MT, tt = t.MT, left = Product(p, pt, tt), right = Product(tt, pt, p);
        return left - Product(left, a, p) + right - Product(p, a, right) - Product(p, t, p);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _a);
        to.Add("result", _p);
        to.Attributes.Add("atol", atol);
        to.Attributes.Add("rtol", rtol);
    }

    public void Free()
    {
        _a.Free();
        _p.Free();
    }
}

public static partial class OpTable
{
    private static OpInfo PInvInfo => new()
    {
        Formula = "x⁺",
        Torch = "torch.linalg.pinv(well_conditioned(x))",
        Gradient = "−x⁺ᵀ·g·x⁺ᵀ + (I − x·x⁺)·gᵀ·x⁺·x⁺ᵀ + x⁺ᵀ·x⁺·gᵀ·(I − x⁺·x)",
        Slack = 100,
    };

    private static Op PInv => Op.Of(OpKind.Other, "pinv",
        x => Linalg.PInv(WellConditioned(x)), new OpInput([2, 4, 3], Domain.Reals), PInvInfo);

    private static Op PInvWide => Op.Of(OpKind.Other, "pinv_wide",
        x => Linalg.PInv(WellConditioned(x)), new OpInput([2, 3], Domain.Reals), PInvInfo);
}
