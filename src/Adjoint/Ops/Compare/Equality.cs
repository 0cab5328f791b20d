using System.Runtime.CompilerServices;
using Adjoint.Kernels;

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
    /// <summary><see cref="Eq"/>: whether x = y, element by element, with broadcasting: a Bool tensor. For one answer use <c>(x == y).All()</c>, or ReferenceEquals.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator ==(Tensor x, Tensor y) => Relation.Of<Equal>("eq", x, y);

    /// <summary><see cref="Ne"/>: whether x ≠ y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator !=(Tensor x, Tensor y) => Relation.Of<NotEqual>("ne", x, y);

    /// <summary>Whether there is no tensor: <c>x == null</c>.</summary>
    public static bool operator ==(Tensor? x, Null? nothing) => x is null;

    /// <summary>Whether there is a tensor: <c>x != null</c>.</summary>
    public static bool operator !=(Tensor? x, Null? nothing) => x is not null;

    /// <summary>Whether there is no tensor: <c>null == x</c>.</summary>
    public static bool operator ==(Null? nothing, Tensor? x) => x is null;

    /// <summary>Whether there is a tensor: <c>null != x</c>.</summary>
    public static bool operator !=(Null? nothing, Tensor? x) => x is not null;

    /// <summary>Whether it is this very tensor. See Note [Equality of tensors].</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>A code of this very tensor, which no change of its elements changes.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

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
