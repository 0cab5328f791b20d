using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

// For code that is generic over the type of the elements: whole numbers are refused before any of it is called.
internal sealed partial class RandomStream
{
    /// <inheritdoc cref="Uniform(Span{double}, double, double)"/>
    public void Uniform<T>(Span<T> target, double low = 0, double high = 1) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Uniform(MemoryMarshal.Cast<T, float>(target), low, high);
        else Uniform(Doubles(target), low, high);
    }

    /// <inheritdoc cref="Normal(Span{double}, double, double, bool)"/>
    public void Normal<T>(Span<T> target, double mean = 0, double std = 1, bool contiguous = true) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Normal(MemoryMarshal.Cast<T, float>(target), mean, std, contiguous);
        else Normal(Doubles(target), mean, std, contiguous);
    }

    /// <inheritdoc cref="Bernoulli(ReadOnlySpan{float}, Span{float})"/>
    public void Bernoulli<T>(ReadOnlySpan<T> probabilities, Span<T> target) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Bernoulli(MemoryMarshal.Cast<T, float>(probabilities), MemoryMarshal.Cast<T, float>(target));
        else Bernoulli(MemoryMarshal.Cast<T, double>(probabilities), Doubles(target));
    }

    private static Span<double> Doubles<T>(Span<T> target)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? MemoryMarshal.Cast<T, double>(target)
        : throw new NotSupportedException($"Real numbers are not drawn to elements of type {typeof(T)}.");
}
