using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Addition to an array laid out by strides in which places may coincide.</summary>
internal static class StridedSum
{
    /// <summary>target[offset + Σ iₖ·strideₖ] += source[i₀, i₁, …], the source in row-major order, one element after the other.</summary>
    public static void Add<T>(ReadOnlySpan<T> source, Span<T> target, long offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides) where T : unmanaged, INumber<T>
    {
        if (source.IsEmpty) return;
        int last = sizes.Length - 1;
        int inner = last < 0 ? 1 : sizes[last], step = last < 0 ? 0 : strides[last];
        Span<int> index = sizes.Length <= 16 ? stackalloc int[16] : new int[sizes.Length];
        for (; !source.IsEmpty; source = source[inner..])
        {
            for (int i = 0; i < inner; i++) target[(int)(offset + (long)i * step)] += source[i];
            for (int d = last - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++index[d] < sizes[d]) break;
                offset -= (long)sizes[d] * strides[d];
                index[d] = 0;
            }
        }
    }
}
