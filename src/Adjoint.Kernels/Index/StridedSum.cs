using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Addition to an array laid out by strides in which places may coincide.</summary>
internal static unsafe class StridedSum
{
    /// <summary>target[offset + Σ iₖ·strideₖ] += source[i₀, i₁, …], the source in row-major order, one element after the other.</summary>
    public static void Add<T>(ReadOnlySpan<T> source, Span<T> target, long offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
        where T : unmanaged, INumber<T>
    {
        if (source.IsEmpty) return;
        int last = sizes.Length - 1;
        int inner = last < 0 ? 1 : sizes[last], step = last < 0 ? 0 : strides[last];
        long length = 1, lowest = offset, highest = offset;
        for (int d = 0; d <= last; d++)
        {
            length *= sizes[d];
            long reach = (sizes[d] - 1L) * strides[d];
            if (reach < 0) lowest += reach;
            else highest += reach;
        }
        if (length != source.Length || lowest < 0 || highest >= target.Length)
            throw new ArgumentException($"Places from {lowest} to {highest}, {length} in all, were to be added to: there are "
                + $"{target.Length}, and {source.Length} terms.");
        Span<int> index = sizes.Length <= 16 ? stackalloc int[16] : new int[sizes.Length];
        fixed (T* from = source, to = target)
        {
            for (long done = 0; done < length; done += inner)
            {
                AddRow(from + done, to + offset, step, inner);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow<T>(T* terms, T* sums, long step, int count) where T : unmanaged, INumber<T>
    {
        if (step == 1 && count >= 16) Sweep.Range(new Added<T>(sums, terms), sums, 0, (nuint)count, false);
        else for (int i = 0; i < count; i++, sums += step) *sums += terms[i];
    }
}
