namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The product of several matrices in the order that needs the fewest multiplications: torch.linalg.multi_dot. The first may be a
    /// vector, which is a row, and the last one, which is a column; that dimension is left out of the result.
    /// </summary>
    /// <param name="tensors">At least two.</param>
    /// <exception cref="ShapeException">One is no matrix, or the sizes of neighbours do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static Tensor MultiDot(IReadOnlyList<Tensor> tensors) =>
        Chain.Of("Linalg.MultiDot", tensors.AllGiven(), least: 2, nameof(tensors));
}

public sealed partial class Tensor
{
    /// <summary>The product of matrices in the order that needs the fewest multiplications: torch.chain_matmul.</summary>
    /// <param name="matrices">At least one.</param>
    /// <exception cref="ShapeException">One is no matrix, or the sizes of neighbours do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Tensor ChainMatMul(params IReadOnlyList<Tensor> matrices) => Chain.OfMatrices(matrices.AllGiven(), nameof(matrices));

    /// <summary>This matrix, or each of a batch, so many times as a factor; its inverse for negative numbers; the identity for
    /// 0.</summary>
    /// <param name="exponent">How many times: PyTorch's n.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="LinalgException">A matrix is singular, and the exponent negative.</exception>
    /// <exception cref="DTypeException">It is not of floating point, and the exponent negative; or it is of truth values.</exception>
    public Tensor MatrixPower(int exponent) => Chain.Power("MatrixPower", this, exponent);
}

public static partial class Linalg
{
    /// <summary>A matrix to a whole power: torch.linalg.matrix_power, <see cref="Tensor.MatrixPower"/>.</summary>
    /// <inheritdoc cref="Tensor.MatrixPower" path="/exception"/>
    /// <param name="x">The matrices.</param>
    /// <param name="exponent">How many times each is a factor.</param>
    public static Tensor MatrixPower(Tensor x, int exponent) => Chain.Power("Linalg.MatrixPower", x.Given(), exponent);
}

/// <summary>Products of several matrices.</summary>
internal static class Chain
{
    internal static Tensor OfMatrices(IReadOnlyList<Tensor> matrices, string parameter)
    {
        foreach (Tensor x in matrices)
            if (x.NDim != 2) throw new ShapeException($"ChainMatMul: needs matrices, but one has shape {x.Shape}.");
        return Of("ChainMatMul", matrices, least: 1, parameter);
    }

    internal static Tensor Of(string operation, IReadOnlyList<Tensor> tensors, int least, string parameter)
    {
        int count = tensors.Count;
        if (count < least) throw new ArgumentException($"{operation}: needs at least {least} tensors, but got {count}.", parameter);
        Tensor[] x = [.. tensors];
        if (count == 1) return x[0].Clone();
        bool row = x[0].NDim == 1, column = x[^1].NDim == 1;
        if (row) x[0] = x[0].Unsqueeze(0);
        if (column) x[^1] = x[^1].Unsqueeze(-1);
        foreach (Tensor one in x)
            if (one.NDim != 2) throw new ShapeException($"{operation}: needs matrices, but one has shape {one.Shape}.");
        for (int i = 0; i + 1 < count; i++) MatMulOp.Check(operation, x[i], x[i + 1]);
        Tensor y = Product(x, Splits(x), 0, count - 1);
        if (row) y = y.Squeeze(0);
        return column ? y.Squeeze(-1) : y;
    }

    // The textbook's table (Cormen et al., 15.2): where to cut a chain so that its products cost the least.
    private static int[,] Splits(Tensor[] x)
    {
        int count = x.Length;
        var (cost, cut) = (new double[count, count], new int[count, count]);
        for (int length = 2; length <= count; length++)
            for (int i = 0; i + length <= count; i++)
            {
                int j = i + length - 1;
                cost[i, j] = double.PositiveInfinity;
                for (int k = i; k < j; k++)
                {
                    double here = cost[i, k] + cost[k + 1, j] + (double)x[i].Shape[0] * x[k].Shape[1] * x[j].Shape[1];
                    if (here < cost[i, j]) (cost[i, j], cut[i, j]) = (here, k);
                }
            }
        return cut;
    }

    private static Tensor Product(Tensor[] x, int[,] cut, int i, int j) =>
        i == j ? x[i] : Product(x, cut, i, cut[i, j]).MatMul(Product(x, cut, cut[i, j] + 1, j));

    internal static Tensor Power(string operation, Tensor x, int n)
    {
        if (x.NDim < 2 || x.Shape[-1] != x.Shape[-2])
            throw new ShapeException($"{operation}: needs square matrices, but the shape is {x.Shape}.");
        if (x.DType.IsBool) throw new DTypeException($"{operation}: Bool tensors cannot be multiplied. Convert them with To(DType.Int64).");
        if (n < 0) x = InvOp.Apply(operation, x);
        // Of x only the shape and the place in the graph: its gradient is 0.
        if (n == 0) return Tensor.Speaking(operation, () => x.Clone().CopyInPlace(MatrixBatch.Identity(x)));
        if (n is 1 or -1) return n == 1 ? x.Clone() : x;
        Tensor? y = null;
        for (long rest = Math.Abs((long)n); ; x = x.MatMul(x))
        {
            if ((rest & 1) != 0) y = y is null ? x : y.MatMul(x);
            rest >>= 1;
            if (rest == 0) return y!;
        }
    }
}

public static partial class OpTable
{
    private static Op MultiDot => Op.Of(OpKind.Composite, "multi_dot", (x, y, z) => Linalg.MultiDot([x, y, z]), Row,
        new OpInput([4, 3], Domain.Reals), new OpInput([3, 2], Domain.Reals),
        new() { Formula = "x·y·z", Torch = "torch.linalg.multi_dot([x, y, z])", Slack = 10 });

    private static Op ChainMatMul => Op.Of(OpKind.Composite, "chain_matmul", (x, y, z) => Tensor.ChainMatMul(x, y, z), Matrix,
        new OpInput([4, 3], Domain.Reals), new OpInput([3, 2], Domain.Reals),
        new() { Formula = "x·y·z", Torch = "torch.linalg.multi_dot([x, y, z])" });

    private static Op MatrixPower => Op.Of(OpKind.Composite, "matrix_power", x => x.MatrixPower(5), new OpInput([2, 3, 3], Domain.Unit),
        new() { Formula = "xⁿ", Torch = "x.matrix_power(5)" });

    private static Op MatrixPowerInverse => Op.Of(OpKind.Composite, "matrix_power_inverse",
        x => Linalg.MatrixPower(WellConditioned(x), -2), SquareMatrix,
        new() { Formula = "x⁻ⁿ", Torch = "torch.linalg.matrix_power(well_conditioned(x), -2)", Slack = 10 });
}
