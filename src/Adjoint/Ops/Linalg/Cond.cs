namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// ‖A‖·‖A⁻¹‖, the condition of each matrix: torch.linalg.cond. By singular values it is σ₁/σₙ (or its inverse for −2), also of
    /// matrices that are not square; of other norms a singular matrix has ∞.
    /// </summary>
    /// <param name="x">A, of floating point.</param>
    /// <param name="p">Which norm, see <see cref="MatrixNorm(Tensor, double, int, int, bool)"/>.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="ShapeException">The matrices are not square, and p is not ±2.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="LinalgException">There are numbers that are not finite, and the norm is one of singular values.</exception>
    public static Tensor Cond(Tensor x, double p = 2)
    {
        const string Operation = "Linalg.Cond";
        MatrixBatch.Checked(Operation, x.Given());
        if (Math.Abs(p) != 2) return Conditions.Of(Operation, x, y => MatrixNorms.Of(Operation, y, p, -2, -1, keepDim: false, nameof(p)));
        if (Math.Min(x.Shape[-1], x.Shape[-2]) == 0) return Tensor.Zeros(MatrixBatch.Shaped(x), x.DType);
        Tensor s = SvdOp.Values(Operation, x), largest = s.Select(-1, 0), smallest = s.Select(-1, s.Shape[-1] - 1);
        return p > 0 ? largest / smallest : smallest / largest;
    }

    /// <summary>‖A‖·‖A⁻¹‖ of a norm with a name: torch.linalg.cond.</summary>
    /// <param name="x">Square matrices, of floating point.</param>
    /// <param name="p">"fro" or "nuc", see <see cref="MatrixNorm(Tensor, string, int, int, bool)"/>.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="LinalgException">There are numbers that are not finite, and the norm is one of singular values.</exception>
    public static Tensor Cond(Tensor x, string p)
    {
        const string Operation = "Linalg.Cond";
        ArgumentNullException.ThrowIfNull(p);
        return Conditions.Of(Operation, x.Given(), y => MatrixNorms.Of(Operation, y, p, -2, -1, keepDim: false, nameof(p)));
    }
}

internal static class Conditions
{
    internal static Tensor Of(string operation, Tensor x, Func<Tensor, Tensor> norm)
    {
        MatrixBatch.Square(operation, x);
        return Tensor.Speaking(operation, () =>
        {
            Tensor own = norm(x);
            if (x.NumEl == 0) return own;
            // A singular matrix has no inverse whose norm could be taken: what is in its place must not reach the singular values.
            Tensor inverse = InvOp.Unrefused(x), isSingular = inverse.Detach().IsFinite().Flatten(-2, -1).All(-1).LogicalNot();
            Tensor result = own * norm(inverse.MaskedFill(isSingular.Unsqueeze(-1).Unsqueeze(-1), 0.0));
            return result.MaskedFill(isSingular, double.PositiveInfinity).MaskedFill(own.IsNaN(), double.NaN);
        });
    }
}

public static partial class OpTable
{
    private static Op Cond => Op.Of(OpKind.Composite, "cond", x => Linalg.Cond(WellConditioned(x)), new OpInput([2, 4, 3], Domain.Reals),
        new() { Formula = "σ₁/σₙ", Torch = "torch.linalg.cond(well_conditioned(x))", Slack = 100 });

    private static Op CondFro => Op.Of(OpKind.Composite, "cond_fro", x => Linalg.Cond(WellConditioned(x), "fro"), SquareMatrix,
        new() { Formula = "‖x‖·‖x⁻¹‖", Torch = "(lambda a: a.norm() * a.inverse().norm())(well_conditioned(x))", Slack = 10 });
}
