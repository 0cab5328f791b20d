using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The only element as a number of type <typeparamref name="T"/> (converted if the dtype differs).</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public T Item<T>() where T : unmanaged
    {
        if (NumEl != 1)
            throw new ShapeException($"Item: only a tensor of one element is a number; this one has {NumEl} (shape {Shape}). Use ToArray<T>().");
        if (DTypes.Of<T>() == DType)
        {
            T value = First<T>();
            GC.KeepAlive(this);
            return value;
        }
        Span<T> converted = stackalloc T[1];
        Elements.Convert(this, converted);
        return converted[0];
    }

    /// <summary>The only element as a double, whatever the dtype.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public double Item() => Item<double>();

    /// <summary>A copy of the elements in row-major order, converted to <typeparamref name="T"/> if the dtype differs.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        var array = new T[NumEl];
        Elements.Convert(this, array);
        return array;
    }

    /// <summary>The elements themselves, in row-major order, without a copy. Writing to them is not seen by autograd.</summary>
    /// <remarks>Keep the tensor referenced for as long as the span is in use.</remarks>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the C# type of the dtype.</exception>
    /// <exception cref="ShapeException">The tensor is not contiguous.</exception>
    /// <exception cref="AutogradException">The tensor requires grad and grad mode is on; detach it first.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new DTypeException($"AsSpan<{typeof(T).Name}>: the tensor's dtype is {DType}; use its own type, or To(DType.{DTypes.Of<T>()}) first.");
        if (!IsContiguous)
            throw new ShapeException($"AsSpan: the tensor of shape {Shape} is not contiguous (strides {Shape.Text(Strides)}); use Contiguous() first.");
        if (RequiresGrad && GradMode.IsEnabled)
            throw new AutogradException("AsSpan: cannot hand out the elements of a tensor that requires grad. Use Detach().AsSpan<T>(), or do it inside Autograd.NoGrad().");
        return Span<T>();
    }

    /// <summary>Whether the only element is different from zero.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public static explicit operator bool(Tensor x) => x.NumEl switch
    {
        1 => x.Item<double>() != 0,
        0 => throw new ShapeException("The truth value of a tensor without elements is ambiguous."),
        _ => throw new ShapeException($"The truth value of a tensor of {x.NumEl} elements is ambiguous; use Any() or All()."),
    };

    /// <summary>The only element as a float.</summary>
    public static explicit operator float(Tensor x) => x.Item<float>();

    /// <summary>The only element as a double.</summary>
    public static explicit operator double(Tensor x) => x.Item<double>();
}
