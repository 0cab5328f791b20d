namespace Adjoint;

/// <remarks>
/// // Note [A tensor is the sequence of its rows]
/// So LINQ's words stand behind every tensor. Where one of them would compare rows as objects, and so say no to all that is asked, the
/// tensor has the word itself, and compares their elements.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>Whether an element, or a row, is equal to a value: <c>x.Contains(2)</c>, Python's <c>2 in x</c>.</summary>
    /// <param name="value">A number, or a tensor of the shape of a row.</param>
    /// <exception cref="ShapeException">The value has neither one element nor the shape of a row.</exception>
    public bool Contains(Tensor value)
    {
        if (value.Given().NDim == 0) return (bool)Eq(value).Any();
        if (NDim == 0 || !value.Shape.Equals(Shape[1..]))
            throw new ShapeException(
                $"Contains: looks for a number, or for a row of the shape {(NDim == 0 ? "[]" : Shape[1..])}, but got {value.Shape}.");
        return (bool)Eq(value).Flatten(1).All(1).Any();
    }

    /// <summary>Whether both have the same rows, element by element, as <see cref="ElementsEqual"/>.</summary>
    public bool SequenceEqual(Tensor other) => ElementsEqual(other);

    /// <summary>x where a condition holds, and another elsewhere: PyTorch's <c>x.where(condition, other)</c>.</summary>
    /// <param name="condition">Bool, broadcast with both.</param>
    /// <param name="other">What stands where it does not hold.</param>
    /// <inheritdoc cref="Where(Tensor, Tensor, Tensor)"/>
    public Tensor Where(Tensor condition, Tensor other) => Where(condition.Given(), this, other.Given());

    /// <summary>The two slices along the first dimension: <c>var (mean, spread) = x;</c>.</summary>
    /// <exception cref="ShapeException">There is another number of slices.</exception>
    public void Deconstruct(out Tensor x0, out Tensor x1)
    {
        Tensor[] parts = UnbindInto(2);
        (x0, x1) = (parts[0], parts[1]);
    }

    /// <summary>The three slices along the first dimension: <c>var (q, k, v) = x;</c>.</summary>
    /// <inheritdoc cref="Deconstruct(out Tensor, out Tensor)"/>
    public void Deconstruct(out Tensor x0, out Tensor x1, out Tensor x2)
    {
        Tensor[] parts = UnbindInto(3);
        (x0, x1, x2) = (parts[0], parts[1], parts[2]);
    }

    /// <summary>The four slices along the first dimension.</summary>
    /// <inheritdoc cref="Deconstruct(out Tensor, out Tensor)"/>
    public void Deconstruct(out Tensor x0, out Tensor x1, out Tensor x2, out Tensor x3)
    {
        Tensor[] parts = UnbindInto(4);
        (x0, x1, x2, x3) = (parts[0], parts[1], parts[2], parts[3]);
    }

    private Tensor[] UnbindInto(int count) => NDim > 0 && Shape[0] == count ? Unbind()
        : throw new ShapeException(
            $"Deconstruct: a tensor of shape {Shape} is taken apart along its first dimension, but {count} were named.");
}
