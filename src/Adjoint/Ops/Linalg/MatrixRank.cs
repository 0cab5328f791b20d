namespace Adjoint;

public static partial class Linalg
{
    /// <summary>How many singular values of each matrix are above max(atol, rtol·σ₁): torch.linalg.matrix_rank, of Int64.</summary>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <param name="atol">The bound itself; by default 0.</param>
    /// <param name="rtol">The bound as a part of σ₁; by default max(m, n)·ε of the dtype, or 0 where <paramref name="atol"/> is above 0.</param>
    /// <param name="hermitian">Whether A is symmetric, so that the sizes of its eigenvalues will do.</param>
    /// <exception cref="LinalgException">A matrix has numbers that are not finite.</exception>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bound is NaN or below 0.</exception>
    public static Tensor MatrixRank(Tensor x, double? atol = null, double? rtol = null, bool hermitian = false)
    {
        MatrixBatch.Checked("Linalg.MatrixRank", x.Given());
        (double absolute, double relative) = PInvOp.Bounds(x, atol, rtol);
        Tensor a = x.Detach(), s = hermitian ? EigValsH(MatrixBatch.Square("Linalg.MatrixRank", a)).Abs() : SvdOp.Values("Linalg.MatrixRank", a);
        if (s.Shape[-1] == 0) return Tensor.Zeros(MatrixBatch.Shaped(x), DType.Int64);
        Tensor bound = (s.Amax([-1], keepDim: true) * relative).ClampMin(absolute);
        return (s > bound).Sum(-1);
    }
}

public static partial class OpTable
{
    private static Op MatrixRank => Op.Of(OpKind.Zero, "matrix_rank", x => Linalg.MatrixRank(x), new OpInput([2, 4, 3], Domain.Reals),
        new() { Formula = "the number of σ above 0", Torch = "torch.linalg.matrix_rank(x)" });
}
