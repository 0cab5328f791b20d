using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Lists of tensors among the arguments of public members.</summary>
internal static class TensorArguments
{
    /// <summary>The tensors of a list, which is none itself: a tensor is also the sequence of its rows, and a list of tensors is never meant by one.</summary>
    /// <exception cref="ArgumentNullException">The list is null or holds null.</exception>
    /// <exception cref="ArgumentException">It is a tensor.</exception>
    internal static Tensor[] Elements(this IEnumerable<Tensor>? list, [CallerArgumentExpression(nameof(list))] string? name = null)
    {
        if (list is Tensor tensor)
            throw new ArgumentException($"A list of tensors is wanted, but one tensor of shape {tensor.Shape} was given, which would be its rows. Write [tensor].", name);
        return Arguments.Elements(list, name);
    }
}
