using System.Runtime.CompilerServices;

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

    /// <summary>How far apart neighbours along each dimension lie, as <see cref="Strides"/>: PyTorch's <c>x.stride()</c>.</summary>
    public ReadOnlySpan<int> Stride() => Strides;

    /// <summary>How far apart neighbours along one dimension lie: PyTorch's <c>x.stride(dim)</c>.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public int Stride(int dim) => NDim > 0 ? Strides[Shape.Wrap(dim)]
        : throw new ShapeException($"Stride: a tensor without dimensions has no stride {dim}; it has one element.");

    /// <summary>Whether the elements are of floating point: PyTorch's <c>x.is_floating_point()</c>.</summary>
    public bool IsFloatingPoint => DType.IsFloatingPoint;

    /// <summary>Cuts a dimension into several; see <see cref="Unflatten(int, ReadOnlySpan{int})"/>.</summary>
    [OverloadResolutionPriority(-1)]
    public Tensor Unflatten(int dim, Shape sizes) => Unflatten(dim, sizes.Given().Sizes);

    /// <summary>How many dimensions, as <see cref="NDim"/>: PyTorch's <c>x.dim()</c>.</summary>
    public int Dim() => NDim;
}
