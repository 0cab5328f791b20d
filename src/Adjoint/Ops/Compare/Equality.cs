using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// <see cref="Eq"/>: whether x = y, element by element, with broadcasting: a Bool tensor. For one answer use <c>(x == y).All()</c>, or
    /// ReferenceEquals.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator ==(Tensor x, Tensor y) => Relation.Of<Equal>("eq", x.Given(), y.Given());

    /// <summary><see cref="Ne"/>: whether x ≠ y, element by element, with broadcasting: a Bool tensor.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator !=(Tensor x, Tensor y) => Relation.Of<NotEqual>("ne", x.Given(), y.Given());

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
}

public static partial class OpTable
{
    private static Op Eq => Op.Of(OpKind.Zero, "eq", (x, y) => x.Eq(y), Matrix, Row,
        new() { Formula = "x = y", Torch = "x == y", Onnx = "Equal" });
}
