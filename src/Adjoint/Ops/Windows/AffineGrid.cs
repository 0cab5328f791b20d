namespace Adjoint;

/// <summary>The places that an affine map θ, [N, 2, 3] or [N, 3, 4], gives those of a grid: θ·(x, y, 1), x and y from −1 to 1.</summary>
internal static class AffineGrids
{
    internal static Tensor Of(string operation, Tensor theta, Shape size, bool alignCorners)
    {
        int dims = size.NDim - 2;
        if (dims is not (2 or 3))
            throw new ShapeException($"{operation}: size must be [N, C, H, W] or [N, C, D, H, W], but is {size}.");
        if (theta.NDim != 3 || theta.Shape[0] != size[0] || theta.Shape[1] != dims || theta.Shape[2] != dims + 1)
            throw new ShapeException($"{operation}: theta must have shape [{size[0]}, {dims}, {dims + 1}], but has {theta.Shape}.");
        if (!theta.DType.IsFloatingPoint) throw new DTypeException($"{operation}: theta must be of floating point, but is {theta.DType}.");
        int[] sizes = size.Sizes[2..].ToArray();
        if (sizes.Contains(0))
            throw new ShapeException($"{operation}: size must not be empty apart from batch and channels, but is {size}.");
        Shape grid = Shape.Of(sizes);
        try
        {
            // The last dimension of the grid is x, the first one.
            Tensor[] places = [.. Enumerable.Range(0, dims).Select(d => Line(sizes[dims - 1 - d], theta.DType, alignCorners)
                .Reshape([.. Enumerable.Range(0, dims).Select(i => i == dims - 1 - d ? sizes[i] : 1)]).Expand(grid).Reshape(grid.NumEl))];
            Tensor all = Tensor.Stack([.. places, Tensor.Ones([grid.NumEl], theta.DType)], 1);
            return all.MatMul(theta.Transpose(1, 2)).Reshape([size[0], .. sizes, dims]);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    private static Tensor Line(int n, DType dtype, bool alignCorners)
    {
        if (n <= 1) return Tensor.Zeros([n], dtype);
        Tensor line = Tensor.Linspace(-1, 1, n, dtype);
        return alignCorners ? line : line * ((n - 1.0) / n);
    }
}

public static partial class OpTable
{
    private static Op AffineGrid => Op.Of(OpKind.Composite, "affine_grid", x => AffineGrids.Of("AffineGrid", x, [2, 1, 3, 4], false),
        new OpInput([2, 2, 3], Domain.Reals), new() { Formula = "θ·(x, y, 1)", Torch = "F.affine_grid(x, (2, 1, 3, 4), False)" });

    private static Op AffineGrid3d => Op.Of(OpKind.Composite, "affine_grid3d", x => AffineGrids.Of("AffineGrid", x, [1, 1, 2, 3, 2], true),
        new OpInput([1, 3, 4], Domain.Reals), new() { Formula = "θ·(x, y, z, 1)", Torch = "F.affine_grid(x, (1, 1, 2, 3, 2), True)" });
}
