namespace Adjoint;

/// <remarks>
/// // Note [Equality of tensors]
/// <c>x == y</c> asks of each element, as <c>x &lt; y</c> does: a Bool tensor. No such tensor is a condition by itself, so whoever
/// meant one answer (<c>if (x == y)</c>) is told by the compiler. <c>x == null</c> is the question .NET means by it, and is
/// answered by a bool: the literal fits <see cref="Null"/> better than any tensor. Equals and GetHashCode, and so
/// dictionaries and sets, know a tensor by its identity, since its elements change. See docs/decisions/0015.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>The type of the literal null beside a tensor, of which there are no objects. See Note [Equality of tensors].</summary>
    public abstract class Null
    {
        private Null()
        {
        }

        /// <summary>Makes <see cref="Null"/> the closer type for null. Never runs.</summary>
        public static implicit operator Tensor?(Null? nothing) => null;
    }
}
