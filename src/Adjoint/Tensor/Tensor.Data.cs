using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The only element as a number of type <typeparamref name="T"/> (converted if the dtype differs).</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public T Item<T>() where T : unmanaged
    {
        HostAccess.Read("Item");
        if (NumEl != 1)
            throw new ShapeException(
                $"Item: only a tensor of one element is a number; this one has {NumEl} (shape {Shape}). Use ToArray<T>().");
        if (DTypes.Of<T>() == DType) return First<T>();
        Span<T> converted = stackalloc T[1];
        Elements.Convert(this, converted);
        return converted[0];
    }

    /// <summary>The only element as a double, whatever the dtype.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public double Item() => Item<double>();

    /// <summary>A copy of the elements in row-major order, converted to <typeparamref name="T"/> if the dtype differs.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for an array of so many elements.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        HostAccess.Read("ToArray");
        return Elements.ToArray<T>(this);
    }

    /// <summary>Whether the only element is different from zero.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public static explicit operator bool(Tensor x) => x.Given().NumEl switch
    {
        1 => x.Item<double>() != 0,
        0 => throw new ShapeException("The truth value of a tensor without elements is ambiguous."),
        _ => throw new ShapeException($"The truth value of a tensor of {x.NumEl} elements is ambiguous; use Any() or All()."),
    };

    /// <summary>The only element as a float.</summary>
    public static explicit operator float(Tensor x) => x.Given().Item<float>();

    /// <summary>The only element as a double.</summary>
    public static explicit operator double(Tensor x) => x.Given().Item<double>();
}
