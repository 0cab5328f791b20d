namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sizes of the dimensions, as <see cref="Shape"/>: PyTorch's <c>x.size()</c>.</summary>
    public Shape Size() => Shape;

    /// <summary>The size of one dimension: PyTorch's <c>x.size(dim)</c>.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public int Size(int dim) => NDim > 0 ? Shape[dim]
        : throw new ShapeException($"Size: a tensor without dimensions has no size {dim}; it has one element.");

    /// <summary>How many dimensions, as <see cref="NDim"/>: PyTorch's <c>x.dim()</c>.</summary>
    public int Dim() => NDim;
}
