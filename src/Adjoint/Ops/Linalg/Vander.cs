namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The powers …, x², x, 1 of each number of a vector as a row of a matrix, that of Vandermonde: torch.vander.</summary>
    /// <param name="count">How many powers; by default as many as numbers.</param>
    /// <param name="increasing">Whether they begin with 1, as those of <see cref="Linalg.Vander"/>.</param>
    /// <exception cref="ShapeException">The tensor is no vector.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Tensor Vander(int? count = null, bool increasing = false) => Vandermonde.Of(this, count, increasing);
}

/// <summary>The powers of a vector, in either order.</summary>
internal static class Vandermonde
{
    internal static Tensor Of(Tensor x, int? count, bool increasing)
    {
        if (x.NDim != 1) throw new ShapeException($"Vander: needs a vector, but the shape is {x.Shape}.");
        Tensor powers = Tensor.Speaking("Vander", () => Linalg.Vander(x, count));
        return increasing ? powers : powers.Flip(-1);
    }
}

public static partial class Linalg
{
    /// <summary>The powers x⁰, x¹, … of each number as a row of a matrix, that of Vandermonde: torch.linalg.vander.</summary>
    /// <param name="x">Numbers [*, n].</param>
    /// <param name="count">How many powers; by default n.</param>
    /// <exception cref="ShapeException">The tensor has no dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    /// <example><code>
    /// Tensor v = Tensor.From([2.0, 3]).Linalg.Vander(3);   // [[1, 2, 4], [1, 3, 9]]
    /// </code></example>
    public static Tensor Vander(Tensor x, int? count = null)
    {
        if (x.Given().NDim == 0) throw new ShapeException("Linalg.Vander: needs numbers along a dimension, but the tensor has none.");
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "Linalg.Vander: there must be at least one power.");
        int powers = count ?? x.Shape[-1];
        Tensor given = SumOp.Accumulable(x).Unsqueeze(-1);
        Shape one = given.Shape;
        if (powers == 0) return given.Expand([.. x.Shape.Sizes[..^1], 0, 1]).Narrow(-1, 0, 0);
        Tensor ones = Tensor.Ones(one, given.DType);
        if (powers == 1) return ones;
        return Tensor.Cat([ones, given.Expand([.. x.Shape.Sizes, powers - 1]).CumProd(-1)], -1);
    }
}

public static partial class OpTable
{
    private static Op Vander => Op.Of(OpKind.Composite, "vander", x => Linalg.Vander(x, 4), new OpInput([2, 3], Domain.Reals.Without(0)),
        new() { Formula = "x⁰, x¹, x², …", Torch = "torch.linalg.vander(x, N=4)" });
}
