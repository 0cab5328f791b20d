using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>What a kernel meets at its places, as columns [batch, channels·taps, places], and columns added up at their places.</summary>
internal static class PatchColumns
{
    /// <summary>columns[n, c·taps + k, l] = x[n, c, l·stride + k·dilation − padding], 0 beside the image.</summary>
    /// <param name="sizes">The sizes; all channels are those of the one group.</param>
    /// <param name="x">The images.</param>
    /// <param name="columns">The columns.</param>
    public static void Unfold<T>(in ConvolutionSizes sizes, ReadOnlySpan<T> x, Span<T> columns) where T : unmanaged
    {
        Check(sizes, x.Length, columns.Length);
        var body = new Unfolding<T> { Sizes = sizes, X = x, Columns = columns };
        Threads.Run(sizes.Batch * sizes.InChannels, ref body);
    }

    /// <summary>x[n, c, i] = Σ columns[n, c·taps + k, l] over all i = l·stride + k·dilation − padding, in the order of the taps.</summary>
    /// <param name="sizes">The sizes; all channels are those of the one group.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="x">The images.</param>
    public static void Fold<T>(in ConvolutionSizes sizes, ReadOnlySpan<T> columns, Span<T> x) where T : unmanaged, INumber<T>
    {
        Check(sizes, x.Length, columns.Length);
        var body = new Folding<T> { Sizes = sizes, X = x, Columns = columns };
        Threads.Run(sizes.Batch * sizes.InChannels, ref body);
    }

    private static void Check(in ConvolutionSizes s, int x, int columns)
    {
        int channels = checked(s.Batch * s.InChannels);
        if (x != checked(channels * s.Inputs) || columns != checked(channels * s.Taps * s.Outputs))
            throw new ArgumentException($"{x} and {columns} elements do not fit {s}.");
    }

    /// <summary>The places of a row whose taps meet the image: from first to end.</summary>
    private static (int First, int End, int Start) Inside(in ConvolutionDim d, int tap)
    {
        long start = (long)tap * d.Dilation - d.Padding;
        long first = start >= 0 ? 0 : (-start + d.Stride - 1) / d.Stride, end = start >= d.Input ? 0 : (d.Input - 1 - start) / d.Stride + 1;
        first = Math.Min(first, d.Output);
        return ((int)first, (int)Math.Clamp(end, first, d.Output), (int)(start + first * d.Stride));
    }

    private static int Place(in ConvolutionDim d, int place, int tap)
    {
        long at = (long)place * d.Stride + (long)tap * d.Dilation - d.Padding;
        return at >= 0 && at < d.Input ? (int)at : -1;
    }

    private ref struct Unfolding<T> : IChunkBody where T : unmanaged
    {
        public ConvolutionSizes Sizes;
        public ReadOnlySpan<T> X;
        public Span<T> Columns;

        public readonly void Run(int chunk)
        {
            ConvolutionDim height = Sizes.Height, width = Sizes.Width;
            ReadOnlySpan<T> image = X.Slice(chunk * Sizes.Inputs, Sizes.Inputs);
            Span<T> target = Columns.Slice(chunk * Sizes.Taps * Sizes.Outputs, Sizes.Taps * Sizes.Outputs);
            for (int kh = 0; kh < height.Kernel; kh++)
                for (int kw = 0; kw < width.Kernel; kw++)
                {
                    (int first, int end, int start) = Inside(width, kw);
                    for (int h = 0; h < height.Output; h++)
                    {
                        Span<T> to = target[..width.Output];
                        target = target[width.Output..];
                        int row = Place(height, h, kh);
                        if (row < 0 || first == end)
                        {
                            to.Clear();
                            continue;
                        }
                        to[..first].Clear();
                        ReadOnlySpan<T> from = image.Slice(row * width.Input, width.Input)[start..];
                        if (width.Stride == 1) from[..(end - first)].CopyTo(to[first..end]);
                        else for (int w = first; w < end; w++) to[w] = from[(w - first) * width.Stride];
                        to[end..].Clear();
                    }
                }
        }
    }

    private ref struct Folding<T> : IChunkBody where T : unmanaged, INumber<T>
    {
        public ConvolutionSizes Sizes;
        public Span<T> X;
        public ReadOnlySpan<T> Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            ConvolutionDim height = Sizes.Height, width = Sizes.Width;
            Span<T> image = X.Slice(chunk * Sizes.Inputs, Sizes.Inputs);
            ReadOnlySpan<T> source = Columns.Slice(chunk * Sizes.Taps * Sizes.Outputs, Sizes.Taps * Sizes.Outputs);
            image.Clear();
            for (int kh = 0; kh < height.Kernel; kh++)
                for (int kw = 0; kw < width.Kernel; kw++)
                {
                    (int first, int end, int start) = Inside(width, kw);
                    for (int h = 0; h < height.Output; h++)
                    {
                        ReadOnlySpan<T> from = source[..width.Output];
                        source = source[width.Output..];
                        int row = Place(height, h, kh);
                        if (row < 0 || first == end) continue;
                        Span<T> to = image.Slice(row * width.Input, width.Input)[start..];
                        from = from[first..end];
                        if (width.Stride == 1) Add(from, to);
                        else AddApart(from, to, width.Stride);
                    }
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(ReadOnlySpan<T> from, Span<T> to)
        {
            int i = 0;
            for (; Vector256.IsHardwareAccelerated && i <= from.Length - Vector256<T>.Count; i += Vector256<T>.Count)
                (Vector256.Create(to[i..]) + Vector256.Create(from[i..])).CopyTo(to[i..]);
            for (; i < from.Length; i++) to[i] += from[i];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddApart(ReadOnlySpan<T> from, Span<T> to, int step)
        {
            // The last one is inside, and so are all.
            _ = to[(from.Length - 1) * step];
            ref T target = ref MemoryMarshal.GetReference(to);
            for (int i = 0; i < from.Length; i++, target = ref Unsafe.Add(ref target, step)) target += from[i];
        }
    }
}
