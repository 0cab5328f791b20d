namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A⁻¹ of A = L·Lᵀ, from its Cholesky decomposition: torch.cholesky_inverse.</summary>
    /// <param name="upper">Whether this is U of A = Uᵀ·U.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor CholeskyInverse(bool upper = false) => OfCholesky.Inverse(this, upper);

    /// <summary>The X of A·X = B for this B and A = L·Lᵀ, from the Cholesky decomposition of A: torch.cholesky_solve.</summary>
    /// <param name="l">L [*, n, n], or U; this is [*, n, k], and the batches broadcast.</param>
    /// <param name="upper">Whether it is U of A = Uᵀ·U.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    public Tensor CholeskySolve(Tensor l, bool upper = false) => OfCholesky.Solve(this, l.Given(), upper);
}

/// <summary>What is solved by the Cholesky decomposition of a matrix.</summary>
internal static class OfCholesky
{
    internal static Tensor Inverse(Tensor x, bool upper)
    {
        MatrixBatch.Square("CholeskyInverse", x);
        Tensor l = upper ? x.MT : x, inverse = SolveTriangularOp.Left(l, MatrixBatch.Identity(l).Expand(l.Shape), upper: false);
        return inverse.MT.MatMul(inverse);
    }

    internal static Tensor Solve(Tensor b, Tensor l, bool upper)
    {
        const string Operation = "CholeskySolve";
        MatrixBatch.Square(Operation, l);
        MatrixBatch.Checked(Operation, b);
        MatrixBatch.SameType(Operation, b, l);
        if (b.Shape[-2] != l.Shape[-1])
            throw new ShapeException($"{Operation}: the decomposition {l.Shape} does not fit the {b.Shape[-2]} rows of {b.Shape}.");
        (Tensor a, b) = MatrixBatch.Together(Operation, upper ? l.MT : l, b);
        return SolveTriangularOp.Left(a.MT, SolveTriangularOp.Left(a, b, upper: false), upper: true);
    }
}

public static partial class OpTable
{
    private static Op CholeskyInverse => Op.Of(OpKind.Composite, "cholesky_inverse",
        x => WellConditioned(x).Triu().CholeskyInverse(upper: true), SquareMatrix,
        new() { Formula = "(xᵀ·x)⁻¹", Torch = "torch.cholesky_inverse(well_conditioned(x).triu(), upper=True)", Slack = 10 });

    private static Op CholeskySolve => Op.Of(OpKind.Composite, "cholesky_solve",
        (x, y) => y.CholeskySolve(WellConditioned(x).Tril()), SquareMatrix, new OpInput([2, 3, 2], Domain.Reals),
        new() { Formula = "(x·xᵀ)⁻¹·y", Torch = "torch.cholesky_solve(y, well_conditioned(x).tril())", Slack = 10 });
}
