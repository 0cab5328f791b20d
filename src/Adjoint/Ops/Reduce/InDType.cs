namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements, each converted to a dtype first.</summary>
    /// <param name="dtype">The dtype of the sum.</param>
    public Tensor Sum(DType dtype)
    {
        try
        {
            return InDType.Sum(this, [], dtype, false);
        }
        catch (TensorException e) when (e.IsOf(nameof(Sum)))
        {
            throw;
        }
    }

    /// <summary>The sum over several dimensions (none means all) of the elements, each converted to a dtype first.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="dtype">The dtype of the sums.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Sum(ReadOnlySpan<int> dims, DType dtype, bool keepDim = false)
    {
        try
        {
            return InDType.Sum(this, dims, dtype, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Sum)))
        {
            throw;
        }
    }

    /// <summary>The mean of all elements, each converted to a dtype first.</summary>
    /// <param name="dtype">The dtype of the mean, of floating point.</param>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public Tensor Mean(DType dtype)
    {
        try
        {
            return To(dtype).Mean();
        }
        catch (TensorException e) when (e.IsOf(nameof(Mean)))
        {
            throw;
        }
    }

    /// <summary>The mean over several dimensions (none means all) of the elements, each converted to a dtype first.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="dtype">The dtype of the means, of floating point.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public Tensor Mean(ReadOnlySpan<int> dims, DType dtype, bool keepDim = false)
    {
        try
        {
            return To(dtype).Mean(dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Mean)))
        {
            throw;
        }
    }

    /// <summary>The product of all elements, each converted to a dtype first.</summary>
    /// <param name="dtype">The dtype of the product.</param>
    public Tensor Prod(DType dtype)
    {
        try
        {
            return InDType.Kept(To(dtype).Prod(), dtype);
        }
        catch (TensorException e) when (e.IsOf(nameof(Prod)))
        {
            throw;
        }
    }

    /// <summary>The product over a dimension of the elements, each converted to a dtype first.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="dtype">The dtype of the products.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Prod(int dim, DType dtype, bool keepDim = false)
    {
        try
        {
            return InDType.Kept(To(dtype).Prod(dim, keepDim), dtype);
        }
        catch (TensorException e) when (e.IsOf(nameof(Prod)))
        {
            throw;
        }
    }

    /// <summary>The sums of all elements up to each along a dimension, each converted to a dtype first.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="dtype">The dtype of the sums.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumSum(int dim, DType dtype)
    {
        try
        {
            return InDType.Kept(To(dtype).CumSum(dim), dtype);
        }
        catch (TensorException e) when (e.IsOf(nameof(CumSum)))
        {
            throw;
        }
    }

    /// <summary>The products of all elements up to each along a dimension, each converted to a dtype first.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="dtype">The dtype of the products.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor CumProd(int dim, DType dtype)
    {
        try
        {
            return InDType.Kept(To(dtype).CumProd(dim), dtype);
        }
        catch (TensorException e) when (e.IsOf(nameof(CumProd)))
        {
            throw;
        }
    }
}

/// <summary>Sums and products in a dtype that is asked for: of short integers they are the last bits of those of long ones.</summary>
internal static class InDType
{
    internal static Tensor Sum(Tensor x, ReadOnlySpan<int> dims, DType dtype, bool keepDim) => Kept(x.To(dtype).Sum(dims, keepDim), dtype);

    internal static Tensor Kept(Tensor y, DType dtype) => y.DType == dtype ? y : y.To(dtype);
}

public static partial class OpTable
{
    private static Op SumInDType => Op.Of(OpKind.Composite, "sum_dtype", x => (x.Sum([1],
        DType.Float64) * x.Mean(DType.Float64)).To(x.DType), Matrix,
        new()
        {
            Formula = "Σ x and the mean in another dtype",
            Torch = "(x.sum((1,), dtype=torch.float64) * x.mean(dtype=torch.float64)).to(x.dtype)"
        });

    private static Op ProdInDType => Op.Of(OpKind.Composite, "prod_dtype",
        x => (x.Prod(1, DType.Float64) + x.CumSum(0, DType.Float64)[0, 1..2]).To(x.DType), Matrix,
        new()
        {
            Formula = "Π x in another dtype",
            Torch = "(x.prod(1, dtype=torch.float64) + x.cumsum(0, dtype=torch.float64)[0, 1:2]).to(x.dtype)"
        });
}
