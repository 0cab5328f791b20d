namespace Adjoint;

public static partial class Linalg
{
    /// <summary>A norm of each matrix by its name: torch.linalg.matrix_norm.</summary>
    /// <param name="x">Matrices, of floating point.</param>
    /// <param name="ord">"fro" for √(Σ x²), "nuc" for the sum of the singular values.</param>
    /// <param name="dim0">The dimension of the rows.</param>
    /// <param name="dim1">The dimension of the columns.</param>
    /// <param name="keepDim">Whether both stay, with size 1.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="ShapeException">There are no two such dimensions.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static Tensor MatrixNorm(Tensor x, string ord = "fro", int dim0 = -2, int dim1 = -1, bool keepDim = false) =>
        MatrixNorms.Of("Linalg.MatrixNorm", x.Given(), ord.Given(), dim0, dim1, keepDim, nameof(ord));

    /// <summary>A norm of each matrix: torch.linalg.matrix_norm.</summary>
    /// <param name="x">Matrices, of floating point.</param>
    /// <param name="ord">
    /// 1 and −1 for the largest and smallest Σ |x| of a column, ∞ and −∞ of a row, 2 and −2 for the largest and smallest singular value.
    /// </param>
    /// <param name="dim0">The dimension of the rows.</param>
    /// <param name="dim1">The dimension of the columns.</param>
    /// <param name="keepDim">Whether both stay, with size 1.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="ShapeException">There are no two such dimensions, or there is nothing to choose from.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="LinalgException">There are numbers that are not finite, and the norm is one of singular values.</exception>
    public static Tensor MatrixNorm(Tensor x, double ord, int dim0 = -2, int dim1 = -1, bool keepDim = false) =>
        MatrixNorms.Of("Linalg.MatrixNorm", x.Given(), ord, dim0, dim1, keepDim, nameof(ord));

    /// <summary>√(Σ x²) over all elements, whatever the shape: torch.linalg.norm.</summary>
    /// <param name="x">The tensor, of floating point.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static Tensor Norm(Tensor x) => VectorNorm(x);

    /// <summary>
    /// <see cref="VectorNorm(Tensor, double, ReadOnlySpan{int}, bool, DType?)"/> along one dimension, or
    /// <see cref="MatrixNorm(Tensor, double, int, int, bool)"/> along two: torch.linalg.norm.
    /// </summary>
    /// <param name="x">The tensor, of floating point.</param>
    /// <param name="ord">Which norm.</param>
    /// <param name="dims">One dimension or two; none for all of a vector or of a matrix.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <exception cref="ShapeException">There are no such dimensions, or more than two.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static Tensor Norm(Tensor x, double ord, ReadOnlySpan<int> dims = default, bool keepDim = false)
    {
        int count = dims.Length == 0 ? x.Given().NDim : dims.Length;
        if (count is not (1 or 2))
            throw new ShapeException(
                $"Linalg.Norm: of order {ord} is one of vectors or of matrices, not over {count} dimensions of {x.Given().Shape}.");
        if (count == 1) return VectorNorm(x, ord, dims, keepDim);
        return dims.Length == 0 ? MatrixNorm(x, ord, keepDim: keepDim) : MatrixNorm(x, ord, dims[0], dims[1], keepDim);
    }
}

/// <summary>What norms of matrices share.</summary>
internal static class MatrixNorms
{
    /// <summary>A norm by its name, which the caller calls <paramref name="parameter"/>.</summary>
    internal static Tensor Of(string operation, Tensor x, string ord, int dim0, int dim1, bool keepDim, string parameter)
    {
        (dim0, dim1) = Dims(operation, x, dim0, dim1);
        return ord switch
        {
            "fro" => Linalg.VectorNorm(x, 2, [dim0, dim1], keepDim),
            "nuc" => Kept(Singular(operation, x, dim0, dim1).Sum(-1), dim0, dim1, keepDim),
            _ => throw new ArgumentException($"There is no matrix norm \"{ord}\": there are \"fro\" and \"nuc\", and numbers.", parameter),
        };
    }

    /// <summary>A norm by its order, which the caller calls <paramref name="parameter"/>.</summary>
    internal static Tensor Of(string operation, Tensor x, double ord, int dim0, int dim1, bool keepDim, string parameter)
    {
        (dim0, dim1) = Dims(operation, x, dim0, dim1);
        if (Math.Abs(ord) is not (1 or 2 or double.PositiveInfinity))
            throw new ArgumentException(
                $"There is no matrix norm of order {ord}: there are ±1, ±2 and ±∞, \"fro\" and \"nuc\".", parameter);
        return Tensor.Speaking(operation, () =>
        {
            if (Math.Abs(ord) == 2)
            {
                Tensor s = Singular(operation, x, dim0, dim1);
                return Kept(ord > 0 ? s.Amax([-1]) : s.Amin([-1]), dim0, dim1, keepDim);
            }
            (int summed, int chosen) = Math.Abs(ord) == 1 ? (dim0, dim1) : (dim1, dim0);
            Tensor sums = x.Abs().Sum([summed], keepDim: true);
            Tensor y = ord > 0 ? sums.Amax([chosen], keepDim: true) : sums.Amin([chosen], keepDim: true);
            return keepDim ? y : y.Squeeze(Math.Max(dim0, dim1)).Squeeze(Math.Min(dim0, dim1));
        });
    }

    internal static (int Rows, int Columns) Dims(string operation, Tensor x, int dim0, int dim1)
    {
        MatrixBatch.Checked(operation, x);
        int rows = x.Shape.Wrap(dim0), columns = x.Shape.Wrap(dim1);
        return rows != columns ? (rows, columns)
            : throw new ShapeException($"{operation}: rows and columns must be two dimensions of {x.Shape}, but both are {dim0}.");
    }

    internal static Tensor Singular(string operation, Tensor x, int dim0, int dim1)
    {
        int n = x.NDim;
        if (dim0 == n - 2 && dim1 == n - 1) return SvdOp.Values(operation, x);
        return SvdOp.Values(operation, x.Permute([.. Enumerable.Range(0, n).Where(d => d != dim0 && d != dim1), dim0, dim1]));
    }

    internal static Tensor Kept(Tensor y, int dim0, int dim1, bool keepDim) =>
        keepDim ? y.Unsqueeze(Math.Min(dim0, dim1)).Unsqueeze(Math.Max(dim0, dim1)) : y;
}

public static partial class OpTable
{
    private static Op MatrixNorm => Op.Of(OpKind.Composite, "matrix_norm", x => Linalg.MatrixNorm(x, "fro", 0, 2), Cube,
        new() { Formula = "√(Σ x²)", Torch = "torch.linalg.matrix_norm(x, 'fro', (0, 2))" });

    private static Op MatrixNormNuc => Op.Of(OpKind.Composite, "matrix_norm_nuc",
        x => Linalg.MatrixNorm(x, "nuc", -1, 0, keepDim: true), Cube,
        new() { Formula = "Σ σ", Torch = "torch.linalg.matrix_norm(x, 'nuc', (-1, 0), keepdim=True)", Slack = 10 });

    private static Op MatrixNorm1 => Op.Of(OpKind.Composite, "matrix_norm_1", x => Linalg.MatrixNorm(x, 1),
        new OpInput([2, 3, 4], Domain.Reals.Without(0)),
        new() { Formula = "the largest Σ |x| of a column", Torch = "torch.linalg.matrix_norm(x, 1)" });

    private static Op MatrixNorm2 => Op.Of(OpKind.Composite, "matrix_norm_2", x => Linalg.MatrixNorm(WellConditioned(x), -2), Cube,
        new() { Formula = "the smallest σ", Torch = "torch.linalg.matrix_norm(well_conditioned(x), -2)", Slack = 100 });

    private static Op MatrixNormInf => Op.Of(OpKind.Composite, "matrix_norm_inf",
        x => Linalg.Norm(x, double.NegativeInfinity, [0, 1], keepDim: true), new OpInput([3, 4], Domain.Positive),
        new() { Formula = "the smallest Σ |x| of a row", Torch = "torch.linalg.norm(x, -torch.inf, (0, 1), keepdim=True)" });
}
