namespace Adjoint.Nn;

/// <summary>
/// What a parametrization has that can say of which tensors a value is made: PyTorch's <c>right_inverse</c>. One that has none is asked
/// for nothing: the tensor it is given to is what it is made of.
/// </summary>
public interface IRightInverse
{
    /// <summary>Tensors of which the parametrization makes <paramref name="value"/>, or something close to it.</summary>
    /// <param name="value">The value.</param>
    /// <returns>One tensor or several. For several the parametrization is a <c>Module&lt;IReadOnlyList&lt;Tensor&gt;,
    /// Tensor&gt;</c>.</returns>
    IReadOnlyList<Tensor> RightInverse(Tensor value);
}
