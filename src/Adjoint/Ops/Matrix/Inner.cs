namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Σ xᵢ·yᵢ of two vectors: torch.vdot, for real numbers <see cref="Dot"/>.</summary>
    /// <param name="other">y.</param>
    /// <exception cref="ShapeException">They are no vectors, or their lengths differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor VDot(Tensor other) => Tensor.Speaking("VDot", () => VectorProducts.CheckedDot(this, other.Given()));

    /// <summary>
    /// The sums of products over the last dimensions of both: torch.inner. Its shape is that of this tensor without its last dimension,
    /// followed by that of the other; of a tensor without dimensions it is the product.
    /// </summary>
    /// <param name="other">The second tensor; its last dimension is as large.</param>
    /// <exception cref="ShapeException">The last dimensions differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Inner(Tensor other) => Contracted.Inner(this, other.Given());

    /// <summary>The sums of products over the last dimensions of this tensor and the first of another: torch.tensordot.</summary>
    /// <param name="other">The second tensor.</param>
    /// <param name="dims">Over how many; their sizes must be the same.</param>
    /// <exception cref="ShapeException">The sizes differ, or there are not so many dimensions.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public Tensor TensorDot(Tensor other, int dims = 2) => Contracted.Last(this, other.Given(), dims);

    /// <summary>The sums of products over dimensions of both: torch.tensordot. What is left of this tensor comes first.</summary>
    /// <param name="other">The second tensor.</param>
    /// <param name="dims">Dimensions of this tensor.</param>
    /// <param name="otherDims">The dimension of the other that goes with each.</param>
    /// <exception cref="ShapeException">The sizes differ, or there are no such dimensions.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor TensorDot(Tensor other, ReadOnlySpan<int> dims, ReadOnlySpan<int> otherDims) =>
        Contracted.Over(this, dims, other.Given(), otherDims);

    /// <summary>
    /// Every element of this tensor times all of another: torch.kron. The sizes are the products of theirs; dimensions that one has not
    /// are 1.
    /// </summary>
    /// <param name="other">The second tensor.</param>
    public Tensor Kron(Tensor other) => Contracted.Kron(this, other.Given());
}

/// <summary>Sums of products over dimensions, as one product of matrices.</summary>
internal static class Contracted
{
    internal static Tensor Inner(Tensor x, Tensor y)
    {
        if (x.NDim == 0 || y.NDim == 0) return x * y;
        if (x.Shape[-1] != y.Shape[-1])
            throw new ShapeException(
                $"Inner: the last dimensions must be as large as each other, but the shapes are {x.Shape} and {y.Shape}.");
        return Tensor.Speaking("Inner", () => Of(x, [x.NDim - 1], y, [y.NDim - 1]));
    }

    internal static Tensor Last(Tensor x, Tensor y, int dims)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dims);
        if (dims > x.NDim || dims > y.NDim)
            throw new ShapeException($"TensorDot: {dims} dimensions of each were asked for, but the shapes are {x.Shape} and {y.Shape}.");
        return Over(x, [.. Enumerable.Range(x.NDim - dims, dims)], y, [.. Enumerable.Range(0, dims)]);
    }

    internal static Tensor Over(Tensor x, ReadOnlySpan<int> dimsX, Tensor y, ReadOnlySpan<int> dimsY)
    {
        int[] mine = Dims(x, dimsX), theirs = Dims(y, dimsY);
        if (!mine.Select(d => x.Shape[d]).SequenceEqual(theirs.Select(d => y.Shape[d])))
            throw new ShapeException(
                $"TensorDot: dimensions {Shape.Text(dimsX)} of {x.Shape} and {Shape.Text(dimsY)} of {y.Shape} must be as large as each "
                + "other.");
        return Tensor.Speaking("TensorDot", () => Of(x, mine, y, theirs));
    }

    internal static Tensor Kron(Tensor a, Tensor b)
    {
        int n = Math.Max(a.NDim, b.NDim);
        var (x, y, z) = (new int[2 * n], new int[2 * n], new int[n]);
        for (int d = 0; d < n; d++)
        {
            int i = d - (n - a.NDim), j = d - (n - b.NDim), p = i < 0 ? 1 : a.Shape[i], q = j < 0 ? 1 : b.Shape[j];
            (x[2 * d], x[2 * d + 1], y[2 * d], y[2 * d + 1]) = (p, 1, 1, q);
            z[d] = checked(p * q);
        }
        return (a.Reshape(x) * b.Reshape(y)).Reshape(z);
    }

    internal static int[] Dims(Tensor x, ReadOnlySpan<int> dims)
    {
        // Elsewhere 0 and −1 are dimensions of a tensor without any, too; here each has a size.
        if (x.NDim == 0 && dims.Length > 0)
            throw new ShapeException($"TensorDot: dimension {dims[0]} was asked for of a tensor without dimensions.");
        var all = new int[dims.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = x.Shape.Wrap(dims[i]);
            if (Array.IndexOf(all, all[i], 0, i) >= 0)
                throw new ShapeException($"TensorDot: dimension {dims[i]} of {x.Shape} is named twice.");
        }
        return all;
    }

    internal static Tensor Of(Tensor x, int[] dimsX, Tensor y, int[] dimsY)
    {
        int[] keptX = [.. Enumerable.Range(0, x.NDim).Except(dimsX)], keptY = [.. Enumerable.Range(0, y.NDim).Except(dimsY)];
        int[] rows = [.. keptX.Select(d => x.Shape[d])], columns = [.. keptY.Select(d => y.Shape[d])];
        int m = Shape.Of(rows).NumEl, n = Shape.Of(columns).NumEl, k = Shape.Of([.. dimsX.Select(d => x.Shape[d])]).NumEl;
        Tensor left = x.Permute([.. keptX, .. dimsX]).Reshape(m, k), right = y.Permute([.. dimsY, .. keptY]).Reshape(k, n);
        return left.MatMul(right).Reshape([.. rows, .. columns]);
    }
}

public static partial class OpTable
{
    private static Op VDot => Op.Of(OpKind.Composite, "vdot", (x, y) => x.VDot(y), Row, Row,
        new() { Formula = "Σ x·y", Torch = "x.vdot(y)" });

    private static Op Inner => Op.Of(OpKind.Composite, "inner", (x, y) => x.Inner(y), Cube, new OpInput([5, 4], Domain.Reals),
        new() { Formula = "Σ x·y over the last dimensions", Torch = "x.inner(y)" });

    private static Op TensorDot => Op.Of(OpKind.Composite, "tensordot", (x, y) => x.TensorDot(y, [2, 0], [0, 1]), Cube,
        new OpInput([4, 2, 5], Domain.Reals),
        new() { Formula = "Σ x·y over dimensions", Torch = "torch.tensordot(x, y, ([2, 0], [0, 1]))" });

    private static Op Kron => Op.Of(OpKind.Composite, "kron", (x, y) => x.Kron(y), Matrix, new OpInput([2, 2, 3], Domain.Reals),
        new() { Formula = "x[i]·y[j] at i·n + j", Torch = "torch.kron(x, y)" });
}
