namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>With at least one dimension: a number as [1], everything else as it is.</summary>
    public Tensor AtLeast1d()
    {
        try
        {
            return NDim == 0 ? Reshape(1) : this;
        }
        catch (TensorException e) when (e.IsOf(nameof(AtLeast1d)))
        {
            throw;
        }
    }

    /// <summary>With at least two dimensions: a number as [1, 1], a vector as a row.</summary>
    public Tensor AtLeast2d()
    {
        try
        {
            return NDim == 0 ? Reshape(1, 1) : NDim == 1 ? Unsqueeze(0) : this;
        }
        catch (TensorException e) when (e.IsOf(nameof(AtLeast2d)))
        {
            throw;
        }
    }

    /// <summary>With at least three dimensions: a number as [1, 1, 1], a vector as [1, n, 1], a matrix as [n, m, 1].</summary>
    public Tensor AtLeast3d()
    {
        try
        {
            return NDim switch { 0 => Reshape(1, 1, 1), 1 => Unsqueeze(0).Unsqueeze(-1), 2 => Unsqueeze(-1), _ => this };
        }
        catch (TensorException e) when (e.IsOf(nameof(AtLeast3d)))
        {
            throw;
        }
    }

    /// <summary>The tensors one behind the other: along the third dimension, which those with fewer get.</summary>
    /// <param name="tensors">At least one.</param>
    /// <exception cref="ShapeException">Other sizes differ.</exception>
    public static Tensor DStack(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Cat([.. Joining.Some(tensors, nameof(DStack)).Select(x => x.AtLeast3d())], 2);
        }
        catch (TensorException e) when (e.IsOf(nameof(DStack)))
        {
            throw;
        }
    }

    /// <summary>The tensors side by side, vectors and numbers as columns.</summary>
    /// <param name="tensors">At least one.</param>
    /// <exception cref="ShapeException">The numbers of rows differ.</exception>
    public static Tensor ColumnStack(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Cat([.. Joining.Some(tensors, nameof(ColumnStack)).Select(x => x.NDim <= 1 ? x.Reshape(-1, 1) : x)], 1);
        }
        catch (TensorException e) when (e.IsOf(nameof(ColumnStack)))
        {
            throw;
        }
    }

    /// <summary>Matrices along the diagonal of one that is 0 elsewhere; vectors are rows, numbers are 1 × 1.</summary>
    /// <param name="tensors">At least one.</param>
    /// <exception cref="ShapeException">One has more than two dimensions.</exception>
    public static Tensor BlockDiag(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Joining.Blocks(Joining.Some(tensors, nameof(BlockDiag)));
        }
        catch (TensorException e) when (e.IsOf(nameof(BlockDiag)))
        {
            throw;
        }
    }

    /// <summary>All choices of one element of each vector, a row each, the last varying fastest.</summary>
    /// <param name="tensors">At least one vector.</param>
    /// <returns>A matrix with a column for each vector; of one vector the vector itself.</returns>
    /// <exception cref="ShapeException">One is no vector.</exception>
    public static Tensor CartesianProd(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Joining.Product(Joining.Some(tensors, nameof(CartesianProd)));
        }
        catch (TensorException e) when (e.IsOf(nameof(CartesianProd)))
        {
            throw;
        }
    }

    /// <summary>All choices of r elements of this vector, a row each, in the order of their places.</summary>
    /// <param name="r">How many; not negative.</param>
    /// <param name="withReplacement">Whether an element may be chosen again.</param>
    /// <exception cref="ShapeException">This is no vector, or there are too many choices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">r is negative.</exception>
    public Tensor Combinations(int r = 2, bool withReplacement = false)
    {
        try
        {
            return Joining.Choices(this, r.AtLeast(0), withReplacement);
        }
        catch (TensorException e) when (e.IsOf(nameof(Combinations)))
        {
            throw;
        }
    }

    /// <summary>A square matrix with all elements, in a row, on a diagonal, 0 elsewhere.</summary>
    /// <param name="offset">How far above the main diagonal; below it where negative.</param>
    public Tensor DiagFlat(int offset = 0)
    {
        try
        {
            return Flatten().DiagEmbed(offset);
        }
        catch (TensorException e) when (e.IsOf(nameof(DiagFlat)))
        {
            throw;
        }
    }

    /// <summary>A copy with the second dimension backwards.</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor Fliplr()
    {
        try
        {
            return NDim >= 2 ? Flip(1) : throw new ShapeException($"Fliplr: needs two dimensions, but got shape {Shape}.");
        }
        catch (TensorException e) when (e.IsOf(nameof(Fliplr)))
        {
            throw;
        }
    }

    /// <summary>A copy with the first dimension backwards.</summary>
    /// <exception cref="ShapeException">There is no dimension.</exception>
    public Tensor Flipud()
    {
        try
        {
            return NDim >= 1 ? Flip(0) : throw new ShapeException($"Flipud: needs a dimension, but got shape {Shape}.");
        }
        catch (TensorException e) when (e.IsOf(nameof(Flipud)))
        {
            throw;
        }
    }
}

public static partial class OpTable
{
    private static Op DStack => Op.Of(OpKind.Composite, "dstack", (x, y) => Tensor.DStack([x, y]), Matrix, new OpInput([3, 4, 2],
        Domain.Reals),
        new() { Formula = "x before y", Torch = "torch.dstack([x, y])" });

    private static Op ColumnStack =>
        Op.Of(OpKind.Composite, "column_stack", (x, y) => Tensor.ColumnStack([x, y]), Row, new OpInput([4, 2], Domain.Reals),
            new() { Formula = "x as a column beside y", Torch = "torch.column_stack([x, y])" });

    private static Op BlockDiag =>
        Op.Of(OpKind.Composite, "block_diag", (x, y) => Tensor.BlockDiag([x, y, y * 2]), Matrix, new OpInput([2], Domain.Reals),
            new() { Formula = "x and y along a diagonal", Torch = "torch.block_diag(x, y, y * 2)" });

    private static Op CartesianProd =>
        Op.Of(OpKind.Composite, "cartesian_prod", (x, y) => Tensor.CartesianProd([x, y]), Row, new OpInput([3], Domain.Reals),
            new() { Formula = "all pairs of x and y", Torch = "torch.cartesian_prod(x, y)" });

    private static Op Combinations => Op.Of(OpKind.Composite, "combinations", x => x.Combinations(3, withReplacement: true), Row,
        new() { Formula = "all choices of r elements of x", Torch = "torch.combinations(x, 3, True)" });

    private static Op DiagFlat => Op.Of(OpKind.Composite, "diagflat", x => x.DiagFlat(-1), Matrix,
        new() { Formula = "x in a row on a diagonal", Torch = "torch.diagflat(x, -1)" });

    private static Op AtLeast3d => Op.Of(OpKind.Composite, "atleast_3d", x => x.AtLeast3d() * x.Flatten().AtLeast2d(), Matrix,
        new() { Formula = "x with three dimensions by x as a row", Torch = "torch.atleast_3d(x) * torch.atleast_2d(x.flatten())" });

    private static Op Fliplr => Op.Of(OpKind.Composite, "fliplr", x => x.Fliplr() + x.Flipud() * 2, Matrix,
        new() { Formula = "x from right to left, and upside down", Torch = "x.fliplr() + x.flipud() * 2" });
}
