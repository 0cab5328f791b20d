namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The distance of every row of this tensor from every row of another: torch.cdist.</summary>
    /// <param name="other">Rows [*, n, d]; this is [*, m, d], and the batches broadcast.</param>
    /// <param name="p">Which norm of the difference, see <see cref="Norm(double)"/>; at least 0.</param>
    /// <returns>[*, m, n]. Where two rows are the same the gradient is 0.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is NaN or below 0.</exception>
    public Tensor CDist(Tensor other, double p = 2) => Distances.OfAll(this, other.Given(), p);

    /// <summary>
    /// The distances of the rows of a matrix from those after them: torch.pdist, the upper triangle of x.CDist(x), row by row.
    /// </summary>
    /// <param name="p">Which norm of the difference, see <see cref="Norm(double)"/>; at least 0.</param>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is NaN or below 0.</exception>
    public Tensor PDist(double p = 2) => Distances.OfPairs(this, p);

    /// <summary>
    /// The cosine of the angle between vectors along a dimension: Σ x·y/(max(‖x‖, ε)·max(‖y‖, ε)), torch.cosine_similarity.
    /// </summary>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="eps">ε; above 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or there is no such dimension.</exception>
    /// <exception cref="DTypeException">A tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    public Tensor CosineSimilarity(Tensor other, int dim = 1, double eps = 1e-8) =>
        Distances.Cosine(this, other.Given(), dim, eps.In(Interval.Positive));

    /// <summary>‖x − y + ε‖ over the last dimension: torch.pairwise_distance.</summary>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="p">Which norm, see <see cref="Norm(double)"/>; any number.</param>
    /// <param name="eps">Added to each difference, so that none is 0; any finite number.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The tensors are not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is NaN, or eps is not finite.</exception>
    public Tensor PairwiseDistance(Tensor other, double p = 2, double eps = 1e-6, bool keepDim = false) =>
        Distances.Pairwise(this, other.Given(), p.In(Interval.Numbers), eps.In(Interval.Finite), keepDim);
}

/// <summary>Norms of differences.</summary>
internal static class Distances
{
    internal static Tensor OfAll(Tensor a, Tensor b, double p)
    {
        MatrixBatch.Checked("CDist", a);
        MatrixBatch.Checked("CDist", b);
        MatrixBatch.SameType("CDist", a, b);
        CheckOrder(p);
        if (a.Shape[-1] != b.Shape[-1])
            throw new ShapeException($"CDist: rows of {a.Shape} and {b.Shape} must be as long as each other.");
        (Tensor x, Tensor y) = MatrixBatch.Together("CDist", a, b);
        long differences = (long)MatrixBatch.Count(x) * a.Shape[-2] * b.Shape[-2] * a.Shape[-1];
        return differences <= PairDistancesOp.Few ? Of(x.Unsqueeze(-2), y.Unsqueeze(-3), p) : PairDistancesOp.Apply(x, y, p);
    }

    internal static Tensor OfPairs(Tensor x, double p)
    {
        if (x.NDim != 2) throw new ShapeException($"PDist: needs a matrix, but the shape is {x.Shape}.");
        MatrixBatch.Checked("PDist", x);
        CheckOrder(p);
        int n = x.Shape[0];
        long count = n * (n - 1L) / 2;
        // Rows that are long enough: there are more differences than numbers.
        if (count * x.Shape[1] > PairDistancesOp.Few && x.Shape[1] >= 4) return RowDistancesOp.Apply(x, p);
        (Tensor first, Tensor second) = RowDistancesOp.Pairs(n);
        return Of(x.IndexSelect(0, first), x.IndexSelect(0, second), p);
    }

    internal static Tensor Cosine(Tensor a, Tensor b, int dim, double least) => Tensor.Speaking("CosineSimilarity", () =>
    {
        DType dtype = DTypes.Promote(a.DType, b.DType);
        Shape shape = Layout.Broadcast(a.Shape, b.Shape)
            ?? throw new ShapeException($"CosineSimilarity: the shapes {a.Shape} and {b.Shape} do not broadcast.");
        Tensor x = a.To(dtype).Expand(shape), y = b.To(dtype).Expand(shape);
        return (x / x.Norm(2, [dim], keepDim: true).ClampMin(least) * (y / y.Norm(2, [dim], keepDim: true).ClampMin(least))).Sum(dim);
    });

    internal static Tensor Pairwise(Tensor x, Tensor y, double p, double eps, bool keepDim) =>
        Tensor.Speaking("PairwiseDistance", () => (x - y + eps).Norm(p, [-1], keepDim));

    internal static void CheckOrder(double p)
    {
        if (!(p >= 0)) throw new ArgumentOutOfRangeException(nameof(p), p, "The order of a distance is at least 0.");
    }

    internal static Tensor Of(Tensor x, Tensor y, double p)
    {
        Tensor differences = x - y;
        // Of no numbers all norms are 0; the largest of none would be refused.
        return differences.Shape[-1] == 0 ? differences.Sum(-1) : InnerResult.Of(differences, way => way.Norm(p, [-1]));
    }
}

public static partial class OpTable
{
    private static Op CDist => Op.Of(OpKind.Composite, "cdist", (x, y) => x.CDist(y), Cube, new OpInput([5, 4], Domain.Reals),
        new() { Formula = "‖x[i] − y[j]‖", Torch = "torch.cdist(x, y, compute_mode='donot_use_mm_for_euclid_dist')", Slack = 10 });

    private static Op CDist3 => Op.Of(OpKind.Composite, "cdist_3", (x, y) => x.CDist(y, 3), Matrix, new OpInput([2, 4], Domain.Reals),
        new() { Formula = "‖x[i] − y[j]‖₃", Torch = "torch.cdist(x, y, 3.0)", Slack = 10 });

    private static Op PDist => Op.Of(OpKind.Composite, "pdist", x => x.PDist(), Matrix,
        new() { Formula = "‖x[i] − x[j]‖ for i < j", Torch = "torch.pdist(x)", Slack = 10 });

    private static Op CosineSimilarity => Op.Of(OpKind.Composite, "cosine_similarity", (x, y) => x.CosineSimilarity(y, -1), Cube,
        new OpInput([3, 4], Domain.Reals),
        new() { Formula = "Σ x·y/(‖x‖·‖y‖)", Torch = "torch.cosine_similarity(x, y, -1)", Slack = 10 });

    private static Op PairwiseDistance => Op.Of(OpKind.Composite, "pairwise_distance",
        (x, y) => x.PairwiseDistance(y, 3, keepDim: true), Cube,
        new OpInput([3, 4], Domain.Reals),
        new() { Formula = "‖x − y + ε‖", Torch = "F.pairwise_distance(x, y, 3, keepdim=True)", Slack = 10 });
}
