namespace Adjoint;

/// <summary>Which dimension the first of two vectors varies along: PyTorch's <c>indexing</c>.</summary>
public enum GridIndexing
{
    /// <summary>The first: rows, as matrices are indexed.</summary>
    IJ,

    /// <summary>The second: columns, as points (x, y) of a picture are.</summary>
    XY,
}

public sealed partial class Tensor
{
    /// <summary>Views of vectors repeated to one grid, in either order of the first two dimensions.</summary>
    /// <param name="tensors">Vectors or numbers.</param>
    /// <param name="indexing">Whether the first vector varies along the first or the second dimension.</param>
    /// <exception cref="ShapeException">One has more than one dimension.</exception>
    public static Tensor[] MeshGrid(IReadOnlyList<Tensor> tensors, GridIndexing indexing)
    {
        try
        {
            return Grids.Mesh(tensors.AllGiven(), indexing.Known());
        }
        catch (TensorException e) when (e.IsOf(nameof(MeshGrid)))
        {
            throw;
        }
    }

    /// <summary>
    /// Powers bᵉ of so many exponents e from start to end, both included, equally far apart.
    /// </summary>
    /// <param name="start">The first exponent.</param>
    /// <param name="end">The last exponent.</param>
    /// <param name="steps">How many.</param>
    /// <param name="b">The base.</param>
    /// <param name="dtype">The dtype.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Tensor Logspace(
        double start, double end, int steps, double b = 10, DType dtype = DType.Float32, bool requiresGrad = false)
    {
        try
        {
            return Linspace(start, end, steps.AtLeast(0), DType.Float64).PowOf(b).To(dtype).Detach().RequiresGradInPlace(requiresGrad);
        }
        catch (TensorException e) when (e.IsOf(nameof(Logspace)))
        {
            throw;
        }
    }

    /// <summary>The places of the lower triangle of a matrix, row by row: an Int64 tensor [2, count] of rows and columns.</summary>
    /// <param name="row">How many rows.</param>
    /// <param name="col">How many columns.</param>
    /// <param name="offset">The last diagonal that counts: 0 the main one, above it where positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static Tensor TrilIndices(int row, int col, int offset = 0)
    {
        try
        {
            return Grids.Triangle(row.AtLeast(0), col.AtLeast(0), offset, lower: true);
        }
        catch (TensorException e) when (e.IsOf(nameof(TrilIndices)))
        {
            throw;
        }
    }

    /// <summary>The places of the upper triangle of a matrix, row by row: an Int64 tensor [2, count] of rows and columns.</summary>
    /// <param name="row">How many rows.</param>
    /// <param name="col">How many columns.</param>
    /// <param name="offset">The first diagonal that counts: 0 the main one, above it where positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static Tensor TriuIndices(int row, int col, int offset = 0)
    {
        try
        {
            return Grids.Triangle(row.AtLeast(0), col.AtLeast(0), offset, lower: false);
        }
        catch (TensorException e) when (e.IsOf(nameof(TriuIndices)))
        {
            throw;
        }
    }
}

/// <summary>Grids and the places of triangles.</summary>
internal static class Grids
{
    internal static Tensor[] Mesh(IReadOnlyList<Tensor> tensors, GridIndexing indexing)
    {
        if (indexing == GridIndexing.IJ || tensors.Count < 2) return Joining.MeshGrid(tensors);
        Tensor[] turned = Joining.MeshGrid([tensors[1], tensors[0], .. tensors.Skip(2)]);
        (turned[0], turned[1]) = (turned[1], turned[0]);
        return turned;
    }

    internal static Tensor Triangle(int rows, int columns, int offset, bool lower)
    {
        // All of the matrix may be asked for.
        _ = Shape.Computed([2, rows, columns]);
        int count = 0;
        for (int r = 0; r < rows; r++) count += Row(r).Count;
        Tensor all = Tensor.Outside([2, count], DType.Int64);
        using var memory = new Loan();
        Fill(memory.Of<long>(all));
        return all;

        void Fill(Span<long> places)
        {
            for (int r = 0, at = 0; r < rows; r++)
            {
                (int start, int length) = Row(r);
                places.Slice(at, length).Fill(r);
                Kernels.Progression.FillExact(places.Slice(count + at, length), start, 1);
                at += length;
            }
        }

        (int Start, int Count) Row(int r)
        {
            int bound = (int)Math.Clamp((long)r + offset + (lower ? 1 : 0), 0, columns);
            return lower ? (0, bound) : (bound, columns - bound);
        }
    }
}

public static partial class OpTable
{
    private static Op MeshGridXY => Op.Of(OpKind.Composite, "meshgrid_xy",
        (x, y) => Tensor.MeshGrid([x, y], GridIndexing.XY)[0] * Tensor.MeshGrid([x, y], GridIndexing.XY)[1].Exp(), Row,
        new OpInput([3], Domain.Reals),
        new()
        {
            Formula = "x[j]·e^y[i] from the grid of both",
            Torch = "torch.meshgrid(x, y, indexing=\"xy\")[0] * torch.meshgrid(x, y, indexing=\"xy\")[1].exp()",
        });

    private static Op TrilIndices => Op.Of(OpKind.Composite, "tril_indices", x => x.Index(
        Tensor.TrilIndices(3, 4, 1)[0], Tensor.TrilIndices(3, 4, 1)[1]), Matrix,
        new() { Formula = "the lower triangle of x in a row", Torch = "x[tuple(torch.tril_indices(3, 4, 1))]" });

    private static Op TriuIndices => Op.Of(OpKind.Composite, "triu_indices", x => x.Index(
        Tensor.TriuIndices(3, 4, -1)[0], Tensor.TriuIndices(3, 4, -1)[1]), Matrix,
        new() { Formula = "the upper triangle of x in a row", Torch = "x[tuple(torch.triu_indices(3, 4, -1))]" });

    private static Op Logspace => Op.Of(OpKind.Composite, "logspace", x => x * Tensor.Logspace(-1, 1, 4, 2, x.DType), Matrix,
        new() { Formula = "x times powers", Torch = "x * torch.logspace(-1, 1, 4, 2, dtype=x.dtype)" });
}
