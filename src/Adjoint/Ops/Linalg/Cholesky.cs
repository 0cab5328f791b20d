using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The lower triangle L with L·Lᵀ = A for symmetric matrices A that are positive definite, or U = Lᵀ: torch.linalg.cholesky. Only one
    /// triangle of A is read. The gradient is symmetric (Murray 2016, "Differentiation of the Cholesky decomposition").
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <param name="upper">Whether the upper triangle is read and U with Uᵀ·U = A given.</param>
    /// <exception cref="LinalgException">A matrix is not positive definite.</exception>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// Tensor a = Tensor.From([[4.0, 2], [2, 5]]);
    /// Tensor l = a.Linalg.Cholesky();                      // [[2, 0], [1, 2]]
    /// </code></example>
    public static Tensor Cholesky(Tensor x, bool upper = false)
    {
        MatrixBatch.Square("Linalg.Cholesky", x.Given());
        return upper ? CholeskyOp.Apply(x.MT).MT : CholeskyOp.Apply(x);
    }
}

/// <summary>L·Lᵀ = A,   dA = ½·L⁻ᵀ·S·L⁻¹ with S = tril(Lᵀ·g) and its transpose.</summary>
internal readonly struct CholeskyOp : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor a) => Door.Run(new CholeskyOp(), a);

    public string Name => "linalg_cholesky_ex";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, l = Elements.Copy(a);
        int[] minors = new int[MatrixBatch.Count(a)];
        var work = new Work(l, minors);
        Dispatch.Floating(a.DType, "Linalg.Cholesky", ref work);
        int failed = Array.FindIndex(minors, minor => minor != 0);
        if (failed >= 0)
            throw new LinalgException(
                $"Linalg.Cholesky: {MatrixBatch.Named(a, failed)} is not positive definite: its leading minor of order {minors[failed]} is "
                + "not above 0.");
        return History.IsWanted(here, a) ? History.Record(here, l, new RuleNode<CholeskyRule>(here, new(here, l), a), a) : l;
    }

    public void Write(Hand hand)
    {
        HandTensor l = hand.Result;
        int n = l.Shape[-1];
        hand.Copy(hand.Input(0), l);
        HandMatrices.NeedsCholesky(hand, l.Word, n);
        string name = hand.Whole(l);
        HandMatrices.Each(hand, HandMatrices.Batch(l), at =>
        {
            hand.Line($"if (Cholesky({name}, {at[0]}, {n}, {n}) != 0)");
            hand.Line("    throw new InvalidOperationException(\"A matrix is not positive definite.\");");
            // What lies above the diagonal was never read.
            hand.For($"{n}", i => hand.Line($"Array.Clear({name}, {HandMatrices.Sum(at[0], i, n + 1)} + 1, {n - 1} - {i});"));
        }, (l, n * n));
    }

    private readonly struct Work(Tensor l, int[] minors) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            CholeskyFactor.Run<T>(minors.Length, l.Shape[-1], memory.Of<T>(l), minors);
        }
    }
}

/// <summary>The rule of <see cref="CholeskyOp"/>; dL = L·Φ(L⁻¹·dA·L⁻ᵀ), Φ the lower triangle with half its diagonal.</summary>
internal struct CholeskyRule(Here here, Tensor l) : IRule
{
    private Saved _l = Saved.Output(here, l);

    public readonly string NodeName => "LinalgCholeskyExBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor l = _l.Get(node), product = l.MT.MatMul(g[0]!), symmetric = product.Tril() + product.Tril(-1).MT;
        Tensor left = SolveTriangularOp.Left(l.MT, symmetric, upper: true);
        dx[0] = SolveTriangularOp.Right(l, left, upper: false) * 0.5;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor l = _l.Get(node), left = SolveTriangularOp.Left(l, t[0]!, upper: false);
        Tensor both = SolveTriangularOp.Right(l.MT, left, upper: true);
        dy[0] = l.MatMul(((both + both.MT) * 0.5).HalfLower);
    }

    public readonly void Show(SavedValues to) => to.Add("L", _l);

    public void Free() => _l.Free();
}

public static partial class OpTable
{
    // Symmetric and positive definite, whatever x is; in table.py as well.
    private static Tensor PositiveDefinite(Tensor x) => (x + x.MT) * 0.2 + MatrixBatch.Identity(x) * 4;

    // Far from singular.
    private static Tensor WellConditioned(Tensor x) => x * 0.3 + Tensor.Eye(x.Shape[-2], x.Shape[-1], x.DType) * 3;

    private static Shape SquareMatrix => [3, 3];

    private static Op Cholesky => Op.Of(OpKind.Other, "cholesky", x => Linalg.Cholesky(PositiveDefinite(x)), SquareMatrix,
        new()
        {
            Formula = "the lower triangle L of L·Lᵀ = x",
            Torch = "torch.linalg.cholesky(positive_definite(x))",
            Gradient = "½·L⁻ᵀ·(tril(Lᵀ·g) + tril(Lᵀ·g, −1)ᵀ)·L⁻¹",
        });

    private static Op CholeskyUpper => Op.Of(OpKind.Other, "cholesky_upper",
        x => Linalg.Cholesky(PositiveDefinite(x).Expand([2, x.Shape[0], x.Shape[1]]), upper: true), SquareMatrix,
        new()
        {
            Formula = "the upper triangle U of Uᵀ·U = x",
            Torch = "torch.linalg.cholesky(positive_definite(x).expand(2, *x.shape), upper=True)",
            Gradient = "½·U⁻¹·(triu(g·Uᵀ) + triu(g·Uᵀ, 1)ᵀ)·U⁻ᵀ",
        });
}
