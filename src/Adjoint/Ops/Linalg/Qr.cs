using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// A = Q·R with orthogonal columns and an upper triangle: torch.linalg.qr, by Householder's reflections, with LAPACK's signs. With
    /// k = min(m, n) they are [*, m, k] and [*, k, n].
    /// </summary>
    /// <remarks>
    /// The gradient is that of Walter and Lehmann 2010 and, for wide matrices, of Roberts and Roberts 2020; the first k columns of A must
    /// be linearly independent.
    /// </remarks>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <param name="complete">Whether Q is square; with more rows than columns, that has no gradient.</param>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// var (q, r) = Tensor.From([[3.0, 1], [4, 2]]).Linalg.Qr();
    /// Tensor same = q.MatMul(r);
    /// </code></example>
    public static (Tensor Q, Tensor R) Qr(Tensor x, bool complete = false)
    {
        MatrixBatch.Checked("Linalg.Qr", x.Given());
        Tensor?[] results = Door.RunMany(new QrOp(complete && x.Shape[-2] > x.Shape[-1]), x);
        return (results[0]!, results[1]!);
    }
}

/// <summary>A = Q·R.</summary>
internal readonly struct QrOp(bool complete) : ITensorsOperation, IByHand
{
    public string Name => "linalg_qr";

    public void Describe(OpAttributes to) => to.Add("complete", complete);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        int m = a.Shape[-2], n = a.Shape[-1], k = complete ? m : Math.Min(m, n);
        Tensor q = Tensor.Uninitialized(here, MatrixBatch.Shaped(a, m, k), a.DType),
            r = Tensor.Uninitialized(here, MatrixBatch.Shaped(a, k, n), a.DType);
        var work = new Work(Elements.Copy(a), q, r);
        Dispatch.Floating(a.DType, "Linalg.Qr", ref work);
        if (History.IsWanted(here, a)) History.Record((Tensor[])[q, r], new RuleNode<QrRule>(here, new(here, q, r, complete), a), [a]);
        return [q, r];
    }

    public void Write(Hand hand)
    {
        HandTensor a = hand.Input(0);
        int m = a.Shape[-2], n = a.Shape[-1], k = complete ? m : Math.Min(m, n), batch = HandMatrices.Batch(a);
        HandTensor rows = HandMatrices.InRows(hand, a), work = hand.New("work", [m * n], a.DType);
        HandTensor q = hand.ResultOrNull(0) ?? hand.New("q", [batch * m * k], a.DType);
        HandTensor r = hand.ResultOrNull(1) ?? hand.New("r", [batch * k * n], a.DType);
        HandMatrices.NeedsQr(hand, a.Word, Math.Min(m, n), alone: true);
        (string from, string own, string ofQ, string ofR) = (hand.Whole(rows), hand.Whole(work), hand.Whole(q), hand.Whole(r));
        HandMatrices.Each(hand, batch, at =>
        {
            hand.Line($"Array.Copy({from}, {at[0]}, {own}, 0, {m * n});");
            hand.Line($"Qr({own}, {m}, {n}, {ofQ}, {at[1]}, {k}, {ofR}, {at[2]});");
        }, (rows, m * n), (q, m * k), (r, k * n));
    }

    private readonly struct Work(Tensor a, Tensor q, Tensor r) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            QrFactor.Run<T>(MatrixBatch.Count(a), a.Shape[-2], a.Shape[-1], memory.Of<T>(a), q.Shape[-1], memory.Of<T>(q),
                memory.Of<T>(r), r.Shape[-2]);
        }
    }
}

/// <summary>
/// The rule of <see cref="QrOp"/>: dA = (gQ + Q·S)·R⁻ᵀ, S the symmetric matrix with the upper triangle of gR·Rᵀ − Qᵀ·gQ. A wide matrix is
/// (X | Y) with R = (U | Qᵀ·Y): Y gives Q a gradient more.
/// </summary>
internal struct QrRule(Here here, Tensor q, Tensor r, bool complete) : IRule
{
    private Saved _q = Saved.Output(here, q), _r = Saved.Output(here, r);

    public readonly string NodeName => "LinalgQrBackward0";

    public readonly int Results => 2;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Refuse();
        Tensor q = _q.Get(node), r = _r.Get(node);
        (Tensor? ofQ, Tensor? ofR) = (g[0], g[1]);
        int m = r.Shape[-2], n = r.Shape[-1];
        if (n <= m)
        {
            dx[0] = Tall(q, r, ofQ, ofR);
            return;
        }
        Tensor square = r.Narrow(-1, 0, m), y = q.MatMul(r.Narrow(-1, m, n - m));
        if (ofR is null)
        {
            dx[0] = Tensor.Cat([Tall(q, square, ofQ, null), y.ZerosLike()], -1);
            return;
        }
        Tensor rest = ofR.Narrow(-1, m, n - m), more = y.MatMul(rest.MT);
        Tensor left = Tall(q, square, ofQ is null ? more : ofQ + more, ofR.Narrow(-1, 0, m));
        dx[0] = Tensor.Cat([left, q.MatMul(rest)], -1);
    }

    private static Tensor Tall(Tensor q, Tensor r, Tensor? ofQ, Tensor? ofR)
    {
        Tensor? inner = ofR?.MatMul(r.MT);
        if (ofQ is not null)
        {
            Tensor product = q.MT.MatMul(ofQ);
            inner = inner is null ? -product : inner - product;
        }
        Tensor sum = q.MatMul(inner!.Triu() + inner.Triu(1).MT);
        return SolveTriangularOp.Right(r.MT, ofQ is null ? sum : ofQ + sum, upper: false);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Refuse();
        Tensor q = _q.Get(node), r = _r.Get(node), da = t[0]!;
        int m = r.Shape[-2], n = r.Shape[-1];
        if (n <= m)
        {
            (dy[0], dy[1]) = TallTangent(q, r, da);
            return;
        }
        (Tensor dq, Tensor square) = TallTangent(q, r.Narrow(-1, 0, m), da.Narrow(-1, 0, m));
        Tensor y = q.MatMul(r.Narrow(-1, m, n - m));
        dy[0] = dq;
        dy[1] = Tensor.Cat([square, dq.MT.MatMul(y) + q.MT.MatMul(da.Narrow(-1, m, n - m))], -1);
    }

    // With N = dA·R⁻¹ and Ω = Qᵀ·dQ, which is skew, Qᵀ·N = Ω + dR·R⁻¹: below the diagonal it is Ω.
    private static (Tensor Q, Tensor R) TallTangent(Tensor q, Tensor r, Tensor da)
    {
        Tensor n = SolveTriangularOp.Right(r, da, upper: true), s = q.MT.MatMul(n), upper = s - s.Tril(-1).Skew;
        return (n - q.MatMul(upper), upper.MatMul(r));
    }

    private readonly void Refuse()
    {
        if (complete)
            throw new AutogradException(
                "Linalg.Qr: has no derivative with complete: true for matrices with more rows than columns, since the columns of Q beyond "
                + "those of A are any that are orthogonal. Leave complete out.");
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("Q", _q);
        to.Add("R", _r);
    }

    public void Free()
    {
        _q.Free();
        _r.Free();
    }
}

public static partial class OpTable
{
    private static OpInfo QrInfo => new()
    {
        Formula = "Q and R of x = Q·R",
        Torch = "(lambda q, r: q @ (2 * r + r * r))(*torch.linalg.qr(x))",
        Gradient = "(gQ + Q·S)·R⁻ᵀ, S symmetric with the upper triangle of gR·Rᵀ − Qᵀ·gQ",
        Slack = 100,
    };

    private static Op Qr => Op.Of(OpKind.Other, "qr", QrProduct, new OpInput([2, 4, 3], Domain.Reals), QrInfo);

    private static Op QrWide => Op.Of(OpKind.Other, "qr_wide", QrProduct, new OpInput([3, 4], Domain.Reals), QrInfo);

    private static Tensor QrProduct(Tensor x) => Linalg.Qr(x) is var (q, r) ? q.MatMul(r * 2 + r * r) : x;
}
