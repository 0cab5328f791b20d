using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// A = V·diag(λ)·Vᵀ of symmetric matrices: torch.linalg.eigh. λ is in order from the smallest on, and the columns of V, of length 1,
    /// belong to it; their signs are of no meaning. Only one triangle of A is read. A matrix with numbers that are not finite gives NaN.
    /// </summary>
    /// <remarks>
    /// The gradient (Giles 2008, 3.1) is meant for functions that do not depend on the signs of V; through V it divides by the
    /// differences of λ, and is not finite where two are equal. <see cref="EigValsH"/> has one everywhere.
    /// </remarks>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <param name="upper">Whether the upper triangle is read, else the lower one.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="LinalgException">The iteration did not converge.</exception>
    /// <example><code>
    /// var (values, vectors) = Tensor.From([[2.0, 1], [1, 2]]).Linalg.Eigh();   // values [1, 3]
    /// </code></example>
    public static (Tensor EigenValues, Tensor EigenVectors) Eigh(Tensor x, bool upper = false)
    {
        Tensor?[] results = Door.RunMany(new EighOp(upper, true), MatrixBatch.Square("Linalg.Eigh", x.Given()));
        return (results[0]!, results[1]!);
    }

    /// <summary>The eigenvalues of symmetric matrices, from the smallest on: torch.linalg.eigvalsh.</summary>
    /// <param name="x">A [*, n, n], of floating point; only one triangle is read.</param>
    /// <param name="upper">Whether the upper triangle is read, else the lower one.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="LinalgException">The iteration did not converge.</exception>
    public static Tensor EigValsH(Tensor x, bool upper = false)
    {
        MatrixBatch.Square("Linalg.EigValsH", x.Given());
        // The gradient needs the vectors.
        return Door.RunMany(new EighOp(upper, History.IsWanted(x)), x)[0]!;
    }
}

/// <summary>A = V·diag(λ)·Vᵀ,   dA = V·(diag(gλ) + (Vᵀ·gV)/E)·Vᵀ with Eᵢⱼ = λⱼ − λᵢ beside the diagonal.</summary>
internal readonly struct EighOp(bool upper, bool vectors) : ITensorsOperation, IByHand
{
    public string Name => "linalg_eigh";

    public void Describe(OpAttributes to)
    {
        to.Add("upper", upper);
        to.Add("compute_v", vectors);
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        Tensor values = Tensor.Uninitialized(here, MatrixBatch.Shaped(a, a.Shape[-1]), a.DType);
        Tensor? v = vectors ? Tensor.Uninitialized(here, a.Shape, a.DType) : null;
        int[] failed = new int[MatrixBatch.Count(a)];
        var work = new Work(Elements.ToContiguous(a), values, v, upper, failed);
        Dispatch.Floating(a.DType, "Linalg.Eigh", ref work);
        if (Array.IndexOf(failed, 2) is var item and >= 0)
            throw new LinalgException($"Linalg.Eigh: the eigenvalues of {MatrixBatch.Named(a, item)} did not converge.");
        if (v is not null && History.IsWanted(here, a))
            History.Record((Tensor[])[values, v], new RuleNode<EighRule>(here, new(here, values, v), a), [a]);
        return [values, v];
    }

    public void Write(Hand hand)
    {
        HandTensor a = HandMatrices.InRows(hand, hand.Input(0));
        int n = a.Shape[-1], batch = HandMatrices.Batch(a);
        if (n == 0) return;
        HandTensor values = hand.ResultOrNull(0) ?? hand.New("values", [batch * n], a.DType);
        HandTensor? v = hand.ResultOrNull(1);
        HandMatrices.NeedsEigen(hand, a.Word, n);
        (string from, string ofValues, string ofV) = (hand.Whole(a), hand.Whole(values), v is null ? "[]" : hand.Whole(v));
        string which = upper ? "false" : "true";
        HandMatrices.Each(hand, batch, at => hand.Line(
            $"Eigen({from}, {at[0]}, {n}, {which}, {ofValues}, {at[1]}, {ofV}, {(v is null ? "0" : at[2])});"),
            [(a, n * n), (values, n), .. v is null ? [] : new[] { (v, n * n) }]);
    }

    private readonly struct Work(Tensor a, Tensor values, Tensor? vectors, bool upper, int[] failed) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            SymmetricEigen.Run<T>(failed.Length, a.Shape[-1], !upper, memory.Of<T>(a), memory.Of<T>(values),
                memory.OfNullable<T>(vectors), failed);
        }
    }
}

/// <summary>The rule of <see cref="EighOp"/>; with M = Vᵀ·dA·V, dλ is its diagonal and dV = V·(M/E) without it.</summary>
internal struct EighRule(Here here, Tensor values, Tensor vectors) : IRule
{
    private Saved _values = Saved.Output(here, values), _vectors = Saved.Output(here, vectors);

    public readonly string NodeName => "LinalgEighBackward0";

    public readonly int Results => 2;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor v = _vectors.Get(node);
        if (g[1] is not { } ofVectors)
        {
            dx[0] = (v * g[0]!.Unsqueeze(-2)).MatMul(v.MT);
            return;
        }
        Tensor inner = v.MT.MatMul(ofVectors).OffDiagonal / Differences(node);
        if (g[0] is { } ofValues) inner += ofValues.DiagEmbed();
        dx[0] = v.MatMul(inner).MatMul(v.MT);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor v = _vectors.Get(node), inner = v.MT.MatMul(t[0]!).MatMul(v);
        dy[0] = inner.Diagonals;
        dy[1] = v.MatMul(inner.OffDiagonal / Differences(node));
    }

    private readonly Tensor Differences(Node node)
    {
        Tensor values = _values.Get(node);
        return values.Unsqueeze(-2) - values.Unsqueeze(-1) + MatrixBatch.Identity(values);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("eigenvalues", _values);
        to.Add("eigenvectors", _vectors);
    }

    public void Free()
    {
        _values.Free();
        _vectors.Free();
    }
}

public static partial class OpTable
{
    private static Op Eigh => Op.Of(OpKind.Other, "eigh",
        x => Linalg.Eigh(x + x.MT) is var (w, v) ? (v * w.Sin().Unsqueeze(-2)).MatMul(v.MT) : x, SquareMatrix,
        new()
        {
            Formula = "λ and V of x = V·diag(λ)·Vᵀ",
            Torch = "(lambda w, v: (v * w.sin().unsqueeze(-2)) @ v.mT)(*torch.linalg.eigh(x + x.mT))",
            Gradient = "V·(diag(gλ) + (Vᵀ·gV)/(λⱼ − λᵢ))·Vᵀ",
            Slack = 100,
        });

    private static Op EigValsH => Op.Of(OpKind.Other, "eigvalsh",
        x => Linalg.EigValsH(x + x.MT, upper: true), new OpInput([2, 3, 3], Domain.Reals),
        new() { Formula = "λ of x = V·diag(λ)·Vᵀ", Torch = "torch.linalg.eigvalsh(x + x.mT)", Gradient = "V·diag(g)·Vᵀ", Slack = 100 });
}
