namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The first n columns of H₁·H₂·…·Hₖ with Hᵢ = I − τᵢ·vᵢ·vᵢᵀ, where vᵢ has zeros, then a 1, then what stands below the diagonal of
    /// column i: torch.linalg.householder_product. It is I − V·T·Vᵀ with a triangle T (Schreiber and Van Loan 1989), differentiated as
    /// such.
    /// </summary>
    /// <param name="x">The vectors as columns [*, m, n] with m ≥ n, of floating point.</param>
    /// <param name="tau">τ [*, k] with k ≤ n.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    public static Tensor HouseholderProduct(Tensor x, Tensor tau)
    {
        const string Operation = "Linalg.HouseholderProduct";
        tau.Given();
        MatrixBatch.Checked(Operation, x.Given());
        MatrixBatch.SameType(Operation, x, tau);
        int m = x.Shape[-2], n = x.Shape[-1], k = tau.NDim == 0 ? -1 : tau.Shape[-1];
        if (m < n) throw new ShapeException($"{Operation}: needs at least as many rows as columns, but the shape is {x.Shape}.");
        if (k < 0 || k > n || !tau.Shape.Sizes[..^1].SequenceEqual(x.Shape.Sizes[..^2]))
            throw new ShapeException($"{Operation}: τ of shape {tau.Shape} does not fit vectors of shape {x.Shape}.");
        Tensor v = x.Narrow(-1, 0, k).Tril(-1) + Tensor.Eye(m, k, x.DType), factors = tau.Unsqueeze(-1);
        Tensor triangle = v.MT.MatMul(v).Triu(1) * factors;
        Tensor t = SolveTriangularOp.Left(triangle, tau.DiagEmbed(), upper: true, unit: true);
        return Tensor.Eye(m, n, x.DType) - v.MatMul(t).MatMul(v.Narrow(-2, 0, n).MT);
    }
}

public static partial class OpTable
{
    private static Op HouseholderProduct => Op.Of(OpKind.Composite, "householder_product",
        (x, y) => Linalg.HouseholderProduct(x, y), new OpInput([2, 4, 3], Domain.Reals), new OpInput([2, 2], Domain.Reals),
        new() { Formula = "(I − y₁·v₁·v₁ᵀ)·(I − y₂·v₂·v₂ᵀ)·…", Torch = "torch.linalg.householder_product(x, y)", Slack = 10 });
}
