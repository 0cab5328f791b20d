namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A⁻¹ of A = L·Lᵀ, from its Cholesky decomposition: torch.cholesky_inverse.</summary>
    /// <param name="upper">Whether this is U of A = Uᵀ·U.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor CholeskyInverse(bool upper = false)
    {
        MatrixBatch.Square("CholeskyInverse", this);
        Tensor l = upper ? MT : this, inverse = SolveTriangularOp.Left(l, MatrixBatch.Identity(l).Expand(l.Shape), upper: false);
        return inverse.MT.MatMul(inverse);
    }

    /// <summary>The X of A·X = B for this B and A = L·Lᵀ, from the Cholesky decomposition of A: torch.cholesky_solve.</summary>
    /// <param name="l">L [*, n, n], or U; this is [*, n, k], and the batches broadcast.</param>
    /// <param name="upper">Whether it is U of A = Uᵀ·U.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    public Tensor CholeskySolve(Tensor l, bool upper = false)
    {
        const string Operation = "CholeskySolve";
        MatrixBatch.Square(Operation, l.Given());
        MatrixBatch.Checked(Operation, this);
        MatrixBatch.SameType(Operation, this, l);
        if (Shape[-2] != l.Shape[-1])
            throw new ShapeException($"{Operation}: the decomposition {l.Shape} does not fit the {Shape[-2]} rows of {Shape}.");
        (Tensor a, Tensor b) = MatrixBatch.Together(Operation, upper ? l.MT : l, this);
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
