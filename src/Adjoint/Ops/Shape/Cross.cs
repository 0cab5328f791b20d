namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The vector product x × y of the vectors along a dimension of size 3: z₁ = x₂·y₃ − x₃·y₂ and so on; the shapes broadcast.
    /// </summary>
    /// <param name="other">y.</param>
    /// <param name="dim">The dimension; by default the first of size 3.</param>
    /// <exception cref="ShapeException">The dimension has not size 3 in both, or the shapes do not broadcast.</exception>
    public Tensor Cross(Tensor other, int? dim = null)
    {
        try
        {
            return CrossProduct.Of(this, other.Given(), dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Cross)))
        {
            throw;
        }
    }
}

public static partial class Linalg
{
    /// <summary>The vector product x × y of the vectors along a dimension of size 3: torch.linalg.cross, <see
    /// cref="Tensor.Cross"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">The dimension has not size 3 in both, or the shapes do not broadcast.</exception>
    public static Tensor Cross(Tensor x, Tensor other, int dim = -1)
    {
        x.Given();
        other.Given();
        return MatrixBatch.Speaking("Linalg.Cross", () => CrossProduct.Of(x, other, dim));
    }
}

/// <summary>Products of the vectors, each rolled on by one and by two places.</summary>
internal static class CrossProduct
{
    internal static Tensor Of(Tensor x, Tensor y, int? dim)
    {
        if (x.NDim != y.NDim)
            throw new ShapeException($"Cross: the shapes {x.Shape} and {y.Shape} must have as many dimensions.");
        int d = dim is { } given ? x.Shape.Wrap(given) : x.Shape.Sizes.IndexOf(3);
        if (d < 0 || x.NDim == 0 || x.Shape[d] != 3 || y.Shape[d] != 3)
            throw new ShapeException(
                $"Cross: needs a dimension of size 3, but {(dim is null ? "none" : $"dimension {d}")} of the shapes {x.Shape} "
                + $"and {y.Shape} "
                + "has it.");
        return x.Roll(-1, d) * y.Roll(-2, d) - x.Roll(-2, d) * y.Roll(-1, d);
    }
}

public static partial class OpTable
{
    private static Op Cross => Op.Of(OpKind.Composite, "cross", (x, y) => x.Cross(y, 1), Cube, new OpInput([2, 3, 1], Domain.Reals),
        new() { Formula = "x × y", Torch = "torch.linalg.cross(x, y, dim=1)" });
}
