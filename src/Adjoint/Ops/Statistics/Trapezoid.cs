namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The integral along a dimension by the trapezoidal rule: Σ (yᵢ + yᵢ₊₁)/2·dx. 0 of fewer than two places.</summary>
    /// <param name="dx">The distance between places.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Trapezoid(double dx = 1, int dim = -1)
    {
        try
        {
            return Trapezoids.Sum(this, dx, dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Trapezoid)))
        {
            throw;
        }
    }

    /// <summary>The integral along a dimension by the trapezoidal rule: Σ (yᵢ + yᵢ₊₁)/2·(xᵢ₊₁ − xᵢ).</summary>
    /// <param name="x">The places: a vector, or of a shape that broadcasts with this tensor's.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are not as many places.</exception>
    public Tensor Trapezoid(Tensor x, int dim = -1)
    {
        try
        {
            return Trapezoids.Sum(this, x.Given(), dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Trapezoid)))
        {
            throw;
        }
    }

    /// <summary>The integrals up to each place but the first along a dimension by the trapezoidal rule.</summary>
    /// <param name="dx">The distance between places.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumulativeTrapezoid(double dx = 1, int dim = -1)
    {
        try
        {
            return Trapezoids.Of(this, dx, dim).CumSum(dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(CumulativeTrapezoid)))
        {
            throw;
        }
    }

    /// <summary>The integrals up to each place but the first along a dimension by the trapezoidal rule.</summary>
    /// <param name="x">The places: a vector, or of a shape that broadcasts with this tensor's.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are not as many places.</exception>
    public Tensor CumulativeTrapezoid(Tensor x, int dim = -1)
    {
        try
        {
            return Trapezoids.Of(this, x.Given(), dim).CumSum(dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(CumulativeTrapezoid)))
        {
            throw;
        }
    }
}

/// <summary>The areas between neighbours.</summary>
internal static class Trapezoids
{
    // All distances are one: it is a factor of the sum.
    internal static Tensor Sum(Tensor y, double dx, int dim) =>
        InnerResult.Of(InnerResult.Of(Pairs(y, Along(y, dim)), pairs => pairs.Sum(dim)), sum => sum * (dx / 2));

    // Of no places PyTorch does not ask where they are.
    internal static Tensor Sum(Tensor y, Tensor x, int dim) =>
        y.NDim > 0 && y.Shape[dim] == 0 ? y.Sum(dim) : InnerResult.Of(Of(y, x, dim), areas => areas.Sum(dim));

    internal static Tensor Of(Tensor y, double dx, int dim)
    {
        int d = Along(y, dim);
        return InnerResult.Of(Pairs(y, d), pairs => pairs * (dx / 2));
    }

    internal static Tensor Of(Tensor y, Tensor x, int dim)
    {
        int d = Along(y, dim);
        if (x.NDim == 1)
        {
            if (x.Shape[0] != y.Shape[d])
                throw new ShapeException(
                    $"Trapezoid: there are {x.Shape[0]} places for dimension {d} of shape {y.Shape}, which has {y.Shape[d]}.");
            int[] sizes = new int[y.NDim];
            sizes.AsSpan().Fill(1);
            sizes[d] = x.Shape[0];
            x = x.Reshape(sizes);
        }
        else
        {
            while (x.NDim < y.NDim) x = x.Unsqueeze(0);
        }
        int along = d - y.NDim + x.NDim, size = x.Shape[along];
        Tensor distance = Ends(x, along, size, 1) - Ends(x, along, size, 0);
        // A half of the distances is exact, and there are fewer of them than areas.
        bool isPlain = y.DType.IsFloatingPoint && distance.DType == y.DType;
        Tensor areas = InnerResult.Of(Pairs(y, d), pairs => pairs * (isPlain ? distance * 0.5 : distance));
        return isPlain ? areas : areas / 2;
    }

    private static Tensor Pairs(Tensor y, int d) => Ends(y, d, y.Shape[d], 1) + Ends(y, d, y.Shape[d], 0);

    // All but the first, or all but the last.
    private static Tensor Ends(Tensor x, int dim, int size, int first) =>
        size == 0 ? x : x.Narrow(dim, first, size - 1);

    private static int Along(Tensor y, int dim) => y.NDim > 0 ? y.Shape.Wrap(dim)
        : throw new ShapeException("Trapezoid: a tensor without dimensions has no places to integrate along.");
}

public static partial class OpTable
{
    private static Op Trapezoid => Op.Of(OpKind.Composite, "trapezoid", (y, x) => y.Trapezoid(x, 1), Cube, new OpInput([3], Domain.Reals),
        new() { Formula = "Σ (x[i] + x[i + 1])/2·(y[i + 1] − y[i])", Torch = "torch.trapezoid(x, y, dim=1)" });

    private static Op TrapezoidEqual => Op.Of(OpKind.Composite, "trapezoid_dx", y => y.Trapezoid(0.7), Matrix,
        new() { Formula = "Σ (x[i] + x[i + 1])/2·dx", Torch = "torch.trapezoid(x, dx=0.7)" });

    private static Op CumulativeTrapezoid => Op.Of(OpKind.Composite, "cumulative_trapezoid", (y, x) => y.CumulativeTrapezoid(x, 0) * 2,
        Matrix, Matrix,
        new() { Formula = "the areas up to each place", Torch = "torch.cumulative_trapezoid(x, y, dim=0) * 2" });

    private static Op CumulativeTrapezoidEqual => Op.Of(OpKind.Composite, "cumulative_trapezoid_dx", y => y.CumulativeTrapezoid(0.7,
        1), Cube,
        new() { Formula = "the areas up to each place", Torch = "torch.cumulative_trapezoid(x, dx=0.7, dim=1)" });
}
