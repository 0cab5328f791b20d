namespace Adjoint;

/// <summary>
/// Special functions, PyTorch's <c>torch.special</c>: <c>Special.Erf(x)</c> or <c>x.Special.Erf()</c>. What PyTorch has on tensors as well
/// is on <see cref="Tensor"/>, and here by its name in <c>torch.special</c>.
/// </summary>
/// <example><code>
/// Tensor x = Tensor.Linspace(-2, 2, 5);
/// Tensor p = x.Special.Expit();                        // x.Sigmoid()
/// Tensor e = Special.Erfc(x);
/// </code></example>
[TensorGroup]
public static partial class Special
{
}
