namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The inverse of a tensor as a map from its last dimensions to its first ones: torch.linalg.tensorinv. Its shape is that of the last
    /// ones, followed by that of the first ones.
    /// </summary>
    /// <param name="x">The tensor; the sizes of the first dimensions multiply to as much as those of the others.</param>
    /// <param name="ind">How many are the first ones.</param>
    /// <exception cref="LinalgException">There is no inverse.</exception>
    /// <exception cref="ShapeException">The sizes do not multiply to the same.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ind is not above 0.</exception>
    public static Tensor TensorInv(Tensor x, int ind = 2)
    {
        if (ind <= 0) throw new ArgumentOutOfRangeException(nameof(ind), ind, "Linalg.TensorInv: ind must be above 0.");
        int split = Math.Min(ind, x.Given().NDim);
        int[] first = x.Shape.Sizes[..split].ToArray(), last = x.Shape.Sizes[split..].ToArray();
        int rows = Shape.Of(first).NumEl, columns = Shape.Of(last).NumEl;
        if (rows != columns)
            throw new ShapeException(
                $"Linalg.TensorInv: the first {ind} dimensions of {x.Shape} have {rows} elements and the others {columns}; it must be as "
                + "many.");
        return InvOp.Apply("Linalg.TensorInv", x.Reshape(rows, columns)).Reshape([.. last, .. first]);
    }

    /// <summary>
    /// The X whose product with A over all dimensions of X is B: torch.linalg.tensorsolve.
    /// </summary>
    /// <param name="x">A: the dimensions of B, followed by those of X.</param>
    /// <param name="other">B.</param>
    /// <param name="dims">Dimensions of A that are moved to its end first.</param>
    /// <exception cref="LinalgException">There is no such X, or more than one.</exception>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    public static Tensor TensorSolve(Tensor x, Tensor other, ReadOnlySpan<int> dims = default)
    {
        Tensor a = x.Given();
        other.Given();
        int n = a.NDim;
        if (dims.Length > 0)
        {
            int[] moved = [.. dims.ToArray().Select(d => a.Shape.Wrap(d))];
            if (moved.Distinct().Count() < moved.Length)
                throw new ShapeException($"Linalg.TensorSolve: the dimensions [{string.Join(", ", moved)}] to be moved name one twice.");
            a = Tensor.Speaking(
                "Linalg.TensorSolve", () => x.Permute([.. Enumerable.Range(0, n).Except(moved), .. moved]));
        }
        if (other.NDim > n)
            throw new ShapeException($"Linalg.TensorSolve: B of shape {other.Shape} has more dimensions than A of shape {x.Shape}.");
        int[] shape = a.Shape.Sizes[other.NDim..].ToArray();
        int rows = other.NumEl, columns = Shape.Of(shape).NumEl;
        if ((long)rows * columns != a.NumEl || rows != columns)
            throw new ShapeException(
                $"Linalg.TensorSolve: A of shape {a.Shape} must have as many elements before and after its first {other.NDim} dimensions "
                + $"as B of shape {other.Shape} has.");
        MatrixBatch.SameType("Linalg.TensorSolve", x, other);
        return Tensor.Speaking("Linalg.TensorSolve", () => Solve(a.Reshape(rows, columns), other.Reshape(rows)).Reshape(shape));
    }
}

public static partial class OpTable
{
    private static Op TensorInv => Op.Of(OpKind.Composite, "tensorinv", x => Linalg.TensorInv(WellConditioned(x).Reshape(2, 2, 4)),
        new OpInput([4, 4], Domain.Reals),
        new() { Formula = "x⁻¹", Torch = "torch.linalg.tensorinv(well_conditioned(x).reshape(2, 2, 4))", Slack = 10 });

    private static Op TensorSolve => Op.Of(OpKind.Composite, "tensorsolve",
        (x, y) => Linalg.TensorSolve(WellConditioned(x).Reshape(2, 4, 2), y, [0]), new OpInput([4, 4], Domain.Reals),
        new OpInput([4], Domain.Reals),
        new()
        {
            Formula = "the z of x·z = y",
            Torch = "torch.linalg.tensorsolve(well_conditioned(x).reshape(2, 4, 2), y, (0,))",
            Slack = 10,
        });
}
