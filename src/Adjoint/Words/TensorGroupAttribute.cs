namespace Adjoint;

/// <summary>
/// A static class of functions whose first argument is a tensor, which is also a group of methods of tensors: of a
/// <c>Linalg.Norm(x, 2)</c> the compiler is made to write <c>x.Linalg.Norm(2)</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TensorGroupAttribute : Attribute;
