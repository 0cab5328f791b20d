namespace Adjoint;

/// <summary>
/// Linear algebra, PyTorch's <c>torch.linalg</c>: <c>Linalg.Norm(x)</c> or <c>x.Linalg.Norm()</c>. What PyTorch has on tensors as well is
/// on <see cref="Tensor"/>, and here by its name in <c>torch.linalg</c>.
/// </summary>
/// <example><code>
/// Tensor x = Tensor.From([[3f, 0], [4, 0]]);
/// double length = x.Linalg.VectorNorm().Item();        // 5
/// Tensor same = Linalg.VectorNorm(x);
/// </code></example>
[TensorGroup]
public static partial class Linalg
{
    /// <summary>The p-norm of all elements, whatever the shape: torch.linalg.vector_norm.</summary>
    /// <param name="x">The tensor, of floating point.</param>
    /// <param name="p">p; infinities and 0 as well.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static Tensor VectorNorm(Tensor x, double p = 2) => Named(x, p, [], false);

    /// <summary>The p-norm along dimensions: torch.linalg.vector_norm.</summary>
    /// <param name="x">The tensor, of floating point.</param>
    /// <param name="p">p; infinities and 0 as well.</param>
    /// <param name="dims">The dimensions; none for all.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    /// <param name="dtype">What the elements become before; by default they stay what they are.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor VectorNorm(Tensor x, double p, ReadOnlySpan<int> dims, bool keepDim = false, DType? dtype = null) =>
        Named(dtype is { } other ? x.Given().To(other) : x, p, dims, keepDim);

    /// <summary>
    /// The product of matrices, of batches of them, and of vectors: torch.linalg.matmul, <see cref="Tensor.MatMul(Tensor)"/>.
    /// </summary>
    /// <param name="x">The left one.</param>
    /// <param name="other">The right one.</param>
    /// <exception cref="ShapeException">The inner sizes differ.</exception>
    public static Tensor MatMul(Tensor x, Tensor other) => x.Given().MatMul(other.Given());

    /// <summary>Σ xᵢ·yᵢ along a dimension, with broadcasting: torch.linalg.vecdot.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or there is no such dimension.</exception>
    public static Tensor VecDot(Tensor x, Tensor other, int dim = -1)
    {
        try
        {
            return (x.Given() * other.Given()).Sum(dim);
        }
        catch (TensorException e) when (e.IsOf("Linalg.VecDot"))
        {
            throw;
        }
    }

    /// <summary>The elements of a diagonal of the last two dimensions, as a view: torch.linalg.diagonal.</summary>
    /// <param name="x">Matrices.</param>
    /// <param name="offset">How far above the main diagonal.</param>
    /// <param name="dim1">The dimension of the rows.</param>
    /// <param name="dim2">The dimension of the columns.</param>
    /// <exception cref="ShapeException">There are no two such dimensions.</exception>
    public static Tensor Diagonal(Tensor x, int offset = 0, int dim1 = -2, int dim2 = -1) => x.Given().Diagonal(offset, dim1, dim2);

    private static Tensor Named(Tensor x, double p, ReadOnlySpan<int> dims, bool keepDim)
    {
        try
        {
            return x.Given().Norm(p, dims, keepDim);
        }
        catch (TensorException e) when (e.IsOf("Linalg.VectorNorm"))
        {
            throw;
        }
    }
}
