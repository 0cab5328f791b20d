using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <remarks>
/// // Note [As many bits as the type has]
/// A float takes one word of the generator and a double two, so both are drawn by code of their own: here is the one place that chooses.
/// </remarks>
internal sealed partial class RandomStream
{
    /// <inheritdoc cref="Uniform(Span{float}, double, double)"/>
    public void Uniform<T>(Span<T> target, double low = 0, double high = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) Uniform(MemoryMarshal.Cast<T, float>(target), low, high);
        else if (typeof(T) == typeof(double)) Uniform(MemoryMarshal.Cast<T, double>(target), low, high);
        else throw NotDrawn<T>();
    }

    /// <inheritdoc cref="Normal(Span{float}, double, double, bool)"/>
    public void Normal<T>(Span<T> target, double mean = 0, double std = 1, bool contiguous = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) Normal(MemoryMarshal.Cast<T, float>(target), mean, std, contiguous);
        else if (typeof(T) == typeof(double)) Normal(MemoryMarshal.Cast<T, double>(target), mean, std, contiguous);
        else throw NotDrawn<T>();
    }

    /// <inheritdoc cref="Bernoulli(ReadOnlySpan{float}, Span{float})"/>
    public void Bernoulli<T>(ReadOnlySpan<T> probabilities, Span<T> target) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            Bernoulli(MemoryMarshal.Cast<T, float>(probabilities), MemoryMarshal.Cast<T, float>(target));
        else if (typeof(T) == typeof(double))
            Bernoulli(MemoryMarshal.Cast<T, double>(probabilities), MemoryMarshal.Cast<T, double>(target));
        else
            throw NotDrawn<T>();
    }

    private static NotSupportedException NotDrawn<T>() => new($"No random numbers of type {typeof(T).Name} are drawn.");
}
