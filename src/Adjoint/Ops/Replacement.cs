namespace Adjoint;

/// <summary>
/// In-place forms of what has no kernel that writes over its operand: computed beside it and then written to it. A number that is whole
/// does not become one with a fraction.
/// </summary>
internal static class Replacement
{
    /// <summary>x = f(x). What f keeps for its derivative is what x was before.</summary>
    /// <param name="operation">What was called.</param>
    /// <param name="x">What is written to.</param>
    /// <param name="f">The function.</param>
    /// <param name="other">What else has a gradient that reads x.</param>
    internal static Tensor InPlace(string operation, Tensor x, Func<Tensor, Tensor> f, Tensor? other = null) =>
        Tensor.Speaking(operation, () => Replaced(operation, x, f, History.IsWanted(x, other ?? x)));

    /// <summary>x = f(x) of a function that keeps nothing of x for its derivative, or has none.</summary>
    internal static Tensor Plain(string operation, Tensor x, Func<Tensor, Tensor> f) =>
        Tensor.Speaking(operation, () => Replaced(operation, x, f, isKept: false));

    /// <summary>The same of another tensor, which is there.</summary>
    internal static Tensor Plain(string operation, Tensor x, Tensor other, Func<Tensor, Tensor, Tensor> f) =>
        Plain(operation, x, before => f(before, other));

    /// <summary>The same of two others.</summary>
    internal static Tensor Plain(string operation, Tensor x, Tensor other, Tensor third, Func<Tensor, Tensor, Tensor, Tensor> f) =>
        Plain(operation, x, before => f(before, other, third));

    /// <summary>x = a comparison with another tensor. The gradients of both are 0, as in PyTorch: they are there.</summary>
    internal static Tensor Relation(string operation, Tensor x, Tensor other, Func<Tensor, Tensor> relation) =>
        Plain(operation, x, _ => History.IsWanted(other)
            ? relation(other).To(x.DType) + other.MaskedFill(Tensor.Ones(Shape.Scalar, DType.Bool), 0).To(x.DType) : relation(other));

    private static Tensor Replaced(string operation, Tensor x, Func<Tensor, Tensor> f, bool isKept)
    {
        x.CheckInPlace(operation, x.RequiresGrad);
        Tensor y = f(isKept ? x.Clone() : x);
        if (!y.Shape.Equals(x.Shape))
            throw new ShapeException(
                $"{operation}: the result has shape {y.Shape}, which does not fit in place in a tensor of shape {x.Shape}.");
        if (y.DType.Row.Kind > x.DType.Row.Kind)
            throw new DTypeException(
                $"{operation}: the result is {y.DType} and cannot be stored in place in a {x.DType} tensor. Convert it first with "
                + $"To(DType.{y.DType}).");
        return x.CopyInPlace(y);
    }
}
