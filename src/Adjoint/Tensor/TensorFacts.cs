namespace Adjoint;

/// <summary>The shape and dtype of a tensor that itself need not be kept.</summary>
internal readonly record struct TensorFacts(Shape Shape, DType DType)
{
    internal static TensorFacts Of(Tensor x) => new(x.Shape, x.DType);
}
