using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// A = U·diag(σ)·Vᵀ: torch.linalg.svd. σ is in order from the largest on; the signs of the columns of U and V are of no meaning.
    /// </summary>
    /// <remarks>
    /// The gradient (Giles 2008, 3.2; Townsend 2016) is meant for functions that do not depend on the signs; through U and V it divides
    /// by the differences of σ², and is not finite where two are equal. <see cref="SvdVals"/> has one wherever σ is above 0.
    /// </remarks>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <param name="fullMatrices">
    /// Whether U is [*, m, m] and Vᵀ [*, n, n]; else, with k = min(m, n), they are [*, m, k] and [*, k, n], and have gradients.
    /// </param>
    /// <exception cref="LinalgException">A matrix has numbers that are not finite.</exception>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// var (u, s, vh) = Tensor.From([[3.0, 0], [0, 4]]).Linalg.Svd();   // s [4, 3]
    /// </code></example>
    public static (Tensor U, Tensor S, Tensor Vh) Svd(Tensor x, bool fullMatrices = true) =>
        SvdOp.Apply(MatrixBatch.Checked("Linalg.Svd", x.Given()), fullMatrices);

    /// <summary>The singular values of matrices, from the largest on: torch.linalg.svdvals.</summary>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <exception cref="LinalgException">A matrix has numbers that are not finite.</exception>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static Tensor SvdVals(Tensor x) => SvdOp.Values("Linalg.SvdVals", x.Given());
}

/// <summary>A = U·diag(σ)·Vᵀ.</summary>
internal readonly struct SvdOp(bool full, bool vectors) : ITensorsOperation, IByHand
{
    internal static (Tensor U, Tensor S, Tensor Vh) Apply(Tensor a, bool full)
    {
        Tensor?[] results = Door.RunMany(new SvdOp(full && a.Shape[-1] != a.Shape[-2], true), a);
        return (results[0]!, results[1]!, results[2]!);
    }

    internal static Tensor Values(string operation, Tensor a)
    {
        MatrixBatch.Checked(operation, a);
        try
        {
            // The gradient needs the vectors.
            return Door.RunMany(new SvdOp(false, History.IsWanted(a)), a)[1]!;
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    public string Name => "linalg_svd";

    public void Describe(OpAttributes to)
    {
        to.Add("full_matrices", full);
        to.Add("compute_uv", vectors);
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        int m = a.Shape[-2], n = a.Shape[-1], k = Math.Min(m, n);
        Tensor s = Tensor.Uninitialized(here, MatrixBatch.Shaped(a, k), a.DType);
        Tensor? u = vectors ? Tensor.Uninitialized(here, MatrixBatch.Shaped(a, m, full ? m : k), a.DType) : null,
            vh = vectors ? Tensor.Uninitialized(here, MatrixBatch.Shaped(a, full ? n : k, n), a.DType) : null;
        int[] failed = new int[MatrixBatch.Count(a)];
        var work = new Work(Elements.ToContiguous(a), u, s, vh, full, failed);
        Dispatch.Floating(a.DType, "Linalg.Svd", ref work);
        if (Array.FindIndex(failed, code => code != 0) is var item and >= 0)
            throw new LinalgException(failed[item] == 1
                ? $"Linalg.Svd: {MatrixBatch.Named(a, item)} has numbers that are not finite."
                : $"Linalg.Svd: the singular values of {MatrixBatch.Named(a, item)} did not converge.");
        if (u is not null && History.IsWanted(here, a))
            History.Record((Tensor[])[u, s, vh!], new RuleNode<SvdRule>(here, new(here, u, s, vh!, full), a), [a]);
        return [u, s, vh];
    }

    public void Write(Hand hand)
    {
        HandTensor a = HandMatrices.InRows(hand, hand.Input(0));
        int m = a.Shape[-2], n = a.Shape[-1], k = Math.Min(m, n), batch = HandMatrices.Batch(a);
        (int columns, int rows) = full ? (m, n) : (k, k);
        HandTensor s = hand.ResultOrNull(1) ?? hand.New("values", [batch * k], a.DType);
        HandTensor? u = !vectors ? null : hand.ResultOrNull(0) ?? hand.New("left", [batch * m * columns], a.DType);
        HandTensor? vh = !vectors ? null : hand.ResultOrNull(2) ?? hand.New("right", [batch * rows * n], a.DType);
        if (k == 0)
        {
            foreach ((HandTensor? x, int size) in new[] { (u, m), (vh, n) })
                if (x is not null && full) hand.Over(2, e => hand.Store(e[0], "1"), x.As([batch, size], [size * size, size + 1], x.Offset));
            return;
        }
        HandMatrices.NeedsSvd(hand, a.Word, m, n);
        (string from, string ofS, string ofU, string ofV) =
            (hand.Whole(a), hand.Whole(s), u is null ? "[]" : hand.Whole(u), vh is null ? "[]" : hand.Whole(vh));
        string sizes = $"{m}, {n}, {(full ? "true" : "false")}";
        HandMatrices.Each(hand, batch, at => hand.Line($"Svd({from}, {at[0]}, {sizes}, {ofU}, {(u is null ? "0" : at[2])}, "
            + $"{ofS}, {at[1]}, {ofV}, {(vh is null ? "0" : at[3])});"),
            [(a, m * n), (s, k), .. u is null || vh is null ? [] : new[] { (u, m * columns), (vh, rows * n) }]);
    }

    private readonly struct Work(Tensor a, Tensor? u, Tensor s, Tensor? vh, bool full, int[] failed) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            SingularValues.Run<T>(failed.Length, a.Shape[-2], a.Shape[-1], full, memory.Of<T>(a), memory.OfNullable<T>(u),
                memory.Of<T>(s), memory.OfNullable<T>(vh), failed);
        }
    }
}

/// <summary>
/// The rule of <see cref="SvdOp"/>: dA = U·((skew(Uᵀ·gU)/E)·σ + σ·(skew(Vᵀ·gV)/E) + diag(gσ))·Vᵀ with Eᵢⱼ = σⱼ² − σᵢ² beside the
/// diagonal, and what of gU and gV lies beside U and V, divided by σ.
/// </summary>
internal struct SvdRule(Here here, Tensor u, Tensor s, Tensor vh, bool full) : IRule
{
    private Saved _u = Saved.Output(here, u), _s = Saved.Output(here, s), _vh = Saved.Output(here, vh);

    public readonly string NodeName => "LinalgSvdBackward0";

    public readonly int Results => 3;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        (Tensor u, Tensor s, Tensor vh) = Reduced(node);
        (Tensor? ofU, Tensor? ofS, Tensor? ofVh) = (g[0], g[1], g[2]);
        if (ofU is null && ofVh is null)
        {
            dx[0] = (u * ofS!.Unsqueeze(-2)).MatMul(vh);
            return;
        }
        Refuse();
        Tensor row = s.Unsqueeze(-2), column = s.Unsqueeze(-1), differences = Differences(s);
        Tensor? inner = ofS?.DiagEmbed();
        if (ofU is not null)
        {
            Tensor product = u.MT.MatMul(ofU);
            inner = Plus(inner, product.Skew / differences * row);
        }
        if (ofVh is not null)
        {
            Tensor product = vh.MatMul(ofVh.MT);
            inner = Plus(inner, column * (product.Skew / differences));
        }
        Tensor a = u.MatMul(inner!).MatMul(vh);
        int m = u.Shape[-2], k = s.Shape[-1], n = vh.Shape[-1];
        if (ofU is not null && m > k) a += (Beside(u, ofU) / row).MatMul(vh);
        if (ofVh is not null && n > k) a += (u / row).MatMul(Beside(vh.MT, ofVh.MT).MT);
        dx[0] = a;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        (Tensor u, Tensor s, Tensor vh) = Reduced(node);
        Tensor da = t[0]!, right = da.MatMul(vh.MT), inner = u.MT.MatMul(right);
        dy[1] = inner.Diagonals;
        if (full) return;
        Tensor row = s.Unsqueeze(-2), column = s.Unsqueeze(-1), differences = Differences(s);
        Tensor du = u.MatMul((inner * row + column * inner.MT).OffDiagonal / differences);
        Tensor dv = vh.MT.MatMul((column * inner + inner.MT * row).OffDiagonal / differences);
        if (u.Shape[-2] > s.Shape[-1]) du += Beside(u, right) / row;
        if (vh.Shape[-1] > s.Shape[-1]) dv += Beside(vh.MT, da.MT.MatMul(u)) / row;
        dy[0] = du;
        dy[2] = dv.MT;
    }

    private readonly (Tensor U, Tensor S, Tensor Vh) Reduced(Node node)
    {
        Tensor u = _u.Get(node), s = _s.Get(node), vh = _vh.Get(node);
        return full ? (u.Narrow(-1, 0, s.Shape[-1]), s, vh.Narrow(-2, 0, s.Shape[-1])) : (u, s, vh);
    }

    // What of x is orthogonal to the columns of q.
    private static Tensor Beside(Tensor q, Tensor x) => x - q.MatMul(q.MT.MatMul(x));

    private static Tensor Differences(Tensor s)
    {
        Tensor squares = s * s;
        return squares.Unsqueeze(-2) - squares.Unsqueeze(-1) + MatrixBatch.Identity(s);
    }

    private static Tensor Plus(Tensor? x, Tensor y) => x is null ? y : x + y;

    private readonly void Refuse()
    {
        if (full)
            throw new AutogradException(
                "Linalg.Svd: has no derivative of U and V with fullMatrices: true for matrices that are not square, since the columns "
                + "beyond the singular values are any that are orthogonal. Use fullMatrices: false.");
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("U", _u);
        to.Add("S", _s);
        to.Add("Vh", _vh);
        to.Attributes.Add("full_matrices", full);
    }

    public void Free()
    {
        _u.Free();
        _s.Free();
        _vh.Free();
    }
}

public static partial class OpTable
{
    private static OpInfo SvdInfo => new()
    {
        Formula = "U, σ and V of x = U·diag(σ)·Vᵀ",
        Torch = "(lambda u, s, v: (u * s.sin().unsqueeze(-2)) @ v)(*torch.linalg.svd(x, full_matrices=False))",
        Gradient = "U·((skew(Uᵀ·gU)/E)·σ + σ·(skew(Vᵀ·gV)/E) + diag(gσ))·Vᵀ, E = σⱼ² − σᵢ², and what lies beside U and V",
        Slack = 100,
    };

    private static Op Svd => Op.Of(OpKind.Other, "svd", SvdProduct, new OpInput([2, 4, 3], Domain.Reals), SvdInfo);

    private static Op SvdWide => Op.Of(OpKind.Other, "svd_wide", SvdProduct, new OpInput([2, 3], Domain.Reals), SvdInfo);

    private static Op SvdVals => Op.Of(OpKind.Other, "svdvals", x => Linalg.SvdVals(x), Matrix,
        new() { Formula = "σ of x = U·diag(σ)·Vᵀ", Torch = "torch.linalg.svdvals(x)", Gradient = "U·diag(g)·Vᵀ", Slack = 10 });

    private static Tensor SvdProduct(Tensor x) =>
        Linalg.Svd(x, fullMatrices: false) is var (u, s, vh) ? (u * s.Sin().Unsqueeze(-2)).MatMul(vh) : x;
}
