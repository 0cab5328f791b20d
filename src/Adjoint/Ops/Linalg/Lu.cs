namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// A = P·L·U: a permutation, a lower triangle with ones on its diagonal, an upper triangle; torch.linalg.lu. With k = min(m, n) they
    /// are [*, m, m], [*, m, k] and [*, k, n].
    /// </summary>
    /// <param name="x">A [*, m, n], of floating point.</param>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static (Tensor P, Tensor L, Tensor U) Lu(Tensor x)
    {
        (Tensor lu, Tensor pivots) = LuFactorOp.Apply(x.Given(), "Linalg.Lu");
        int m = x.Shape[-2], n = x.Shape[-1], k = Math.Min(m, n);
        Tensor order = Permutation.Of(pivots, m).Unsqueeze(-2), rows = Tensor.Arange(0, m, dtype: DType.Int64).Unsqueeze(-1);
        Tensor p = order.Eq(rows).To(x.DType);
        Tensor l = lu.Narrow(-1, 0, k).Tril(-1) + Tensor.Eye(m, k, x.DType);
        return (p, l, lu.Narrow(-2, 0, k).Triu());
    }

    /// <summary>X with A·X = B, or X·A = B, from what <see cref="LuFactor"/> made of A: torch.linalg.lu_solve.</summary>
    /// <param name="x">The decomposition of A [*, n, n].</param>
    /// <param name="pivots">Its pivots [*, n], Int32.</param>
    /// <param name="other">B [*, n, k], or [*, k, n] where A is on the right; the batches broadcast.</param>
    /// <param name="left">Whether A is on the left.</param>
    /// <param name="adjoint">Whether Aᵀ is meant.</param>
    /// <exception cref="LinalgException">A is singular.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The matrices are not of one floating-point dtype, or the pivots not of integers.</exception>
    /// <exception cref="TensorIndexException">A pivot is no row.</exception>
    public static Tensor LuSolve(Tensor x, Tensor pivots, Tensor other, bool left = true, bool adjoint = false)
    {
        const string Operation = "Linalg.LuSolve";
        pivots.Given();
        other.Given();
        MatrixBatch.Square(Operation, x.Given());
        MatrixBatch.Checked(Operation, other);
        MatrixBatch.SameType(Operation, x, other);
        int n = x.Shape[-1];
        if (!pivots.DType.Row.IsIndex)
            throw new DTypeException($"{Operation}: the pivots must be Int32, as Linalg.LuFactor gives them, but are {pivots.DType}.");
        if (!pivots.Shape.Sizes.SequenceEqual(x.Shape.Sizes[..^1]))
            throw new ShapeException(
                $"{Operation}: the pivots of {x.Shape} must have shape {Shape.Of(x.Shape.Sizes[..^1])}, not {pivots.Shape}.");
        if (other.Shape[left ? -2 : -1] != n)
            throw new ShapeException(
                $"{Operation}: the matrices {x.Shape} and {other.Shape} do not fit: the {(left ? "rows" : "columns")} of the "
                + $"second must be {n}.");
        long[] all = Elements.ToArray<long>(pivots);
        if (Kernels.LuFactor.FirstOutside(all, n) is var wrong and >= 0)
            throw new TensorIndexException($"{Operation}: a pivot is {all[wrong]}, but the rows are 1 to {n}.");
        Factored.RefuseSingular(Operation, Elements.ToContiguous(x));
        Tensor order = Permutation.Of(pivots.To(DType.Int32), n);
        (Tensor a, Tensor b) = MatrixBatch.Together(Operation, x, other);
        order = order.Expand(Shape.Of(a.Shape.Sizes[..^1]));
        // A·X = B is P·L·U·X = B, and X·A = B the same of the transposes.
        if (!left) b = b.MT;
        if (adjoint != !left)
        {
            Tensor y = SolveTriangularOp.Left(a.MT, SolveTriangularOp.Left(a.MT, b, upper: false), upper: true, unit: true);
            y = Permutation.Rows(y, order.ArgSort());
            return left ? y : y.MT;
        }
        b = Permutation.Rows(b, order);
        Tensor x2 = SolveTriangularOp.Left(a, SolveTriangularOp.Left(a, b, upper: false, unit: true), upper: true);
        return left ? x2 : x2.MT;
    }
}

public static partial class OpTable
{
    private static Op Lu => Op.Of(OpKind.Composite, "lu",
        x => Linalg.Lu(x) is var (p, l, u) ? p.MatMul(l) + u * 2 : x, SquareMatrix,
        new() { Formula = "P, L and U of x = P·L·U", Torch = "(lambda p, l, u: p @ l + 2 * u)(*torch.linalg.lu(x))" });

    private static Op LuSolve => Op.Of(OpKind.Composite, "lu_solve",
        (x, y) => Linalg.LuFactor(WellConditioned(x)) is var (lu, pivots) ? Linalg.LuSolve(lu, pivots, y, adjoint: true) : x,
        SquareMatrix, new OpInput([3, 2], Domain.Reals),
        new() { Formula = "x⁻ᵀ·y", Torch = "torch.linalg.solve(well_conditioned(x).mT, y)" });
}
