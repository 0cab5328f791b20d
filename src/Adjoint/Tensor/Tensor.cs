namespace Adjoint;

/// <summary>A dense array with a shape, a dtype and, when it requires grad, a history.</summary>
public sealed partial class Tensor
{
}
