using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Copies between an array laid out by strides and a contiguous one. Strides are in elements and may be 0 or negative.</summary>
internal static unsafe class Strided
{
    /// <summary>target[i₀, i₁, …] = source[offset + Σ iₖ·strideₖ], the target in row-major order.</summary>
    public static void Gather<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, Span<T> target)
        where T : unmanaged
    {
        fixed (T* from = source, to = target) Copy(from + offset, to, target.Length, sizes, strides, gather: true);
    }

    /// <summary>target[offset + Σ iₖ·strideₖ] = source[i₀, i₁, …], the source in row-major order; places must not coincide.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> source, Span<T> target, int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
        where T : unmanaged
    {
        fixed (T* from = source, to = target) Copy(to + offset, from, source.Length, sizes, strides, gather: false);
    }

    private static void Copy<T>(T* strided, T* contiguous, int contiguousLength, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides,
        bool gather) where T : unmanaged
    {
        // Merge dimensions that are stepped through as one; drop those of size 1. What is left is a loop over planes.
        Span<int> size = stackalloc int[sizes.Length + 2], stride = stackalloc int[sizes.Length + 2];
        int count = 0;
        long length = 1;
        for (int d = 0; d < sizes.Length; d++)
        {
            length *= sizes[d];
            if (sizes[d] == 1) continue;
            if (count > 0 && stride[count - 1] == (long)sizes[d] * strides[d])
            {
                size[count - 1] *= sizes[d];
                stride[count - 1] = strides[d];
            }
            else (size[count], stride[count++]) = (sizes[d], strides[d]);
        }
        if (length != contiguousLength)
            throw new ArgumentException(
                $"The contiguous span has {contiguousLength} elements; the sizes [{string.Join(", ", sizes.ToArray())}] hold {length}.");
        if (length == 0) return;
        if (gather && count == 1 && stride[0] is 0 or 1)
        {
            // One element everywhere (the gradient of a sum), or a piece of memory.
            if (stride[0] == 0) Sweep.Run(new Repeated<T>(strided), contiguous, length);
            else Sweep.Run(new Dense<T>(strided), contiguous, length);
            return;
        }
        while (count < 2)
        {
            for (int d = count; d > 0; d--) (size[d], stride[d]) = (size[d - 1], stride[d - 1]);
            (size[0], stride[0], count) = (1, 0, count + 1);
        }
        int rows = size[count - 2], columns = size[count - 1];
        // A plane wider than a chunk is cut into bands of rows, so that one large matrix is shared by the threads.
        int band = Math.Clamp(Math.Max(Sweep.Grain / columns, columns <= 8 * Sweep.Grain ? Tile : 1), 1, rows);
        if (band > Tile) band -= band % Tile;
        int bands = (int)(((long)rows + band - 1) / band);
        fixed (int* outerSizes = size, outerStrides = stride)
        {
            var loop =
                new PlaneLoop<T>(strided, contiguous, new Odometer(outerSizes, outerStrides, outerStrides, count - 2), rows, columns,
                    stride[count - 2], stride[count - 1], band, bands, gather,
                new Chunks(length / ((long)rows * columns) * bands, (int)Math.Max(1, Sweep.Grain / ((long)band * columns))));
            Threads.Run(loop.Chunks.Count, ref loop);
        }
    }

    /// <summary>A transposed plane is copied in square tiles of this many elements a side, so that both sides stay in the cache.</summary>
    private const int Tile = 16;

    private readonly struct PlaneLoop<T>(
        T* strided, T* contiguous, Odometer odometer, int rows, int columns, long rowStride, long columnStride, int band, int bands,
        bool gather, Chunks chunks)
        : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            Odometer plane = odometer;
            plane.MoveTo(Chunks.Start(chunk) / bands);
            for (long work = Chunks.Start(chunk); work < Chunks.End(chunk); work++)
            {
                (long number, long part) = Math.DivRem(work, bands);
                int first = (int)part * band, last = Math.Min(first + band, rows);
                T* s = strided + plane.X, c = contiguous + number * rows * columns;
                if (columnStride == 1 && columns >= Tile) CopyRows(s, c, first, last);
                else if (gather && columnStride == 0) FillRows(s, c, first, last);
                else if (rowStride == 1 && Transposition.Sides<T>() > 0) CopyTransposed(s, c, first, last);
                else if (gather && columnStride == 2) CopyEverySecond(s, c, first, last);
                else if (rows > 1 && Math.Abs(columnStride) > Math.Max(1, Math.Abs(rowStride))) CopyTiles(s, c, first, last);
                else CopyElements(s, c, first, last);
                if (part == bands - 1) plane.Next();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyRows(T* s, T* c, int first, int last)
        {
            for (int row = first; row < last; row++)
            {
                T* outside = s + row * rowStride, inside = c + (long)row * columns;
                if (gather) Copying.Run(outside, inside, columns);
                else Copying.Run(inside, outside, columns);
            }
        }

        private void CopyEverySecond(T* s, T* c, int first, int last)
        {
            for (int row = first; row < last; row++)
            {
                T* outside = s + row * rowStride, inside = c + (long)row * columns;
                for (int column = EverySecond.Copy(outside, inside, columns); column < columns; column++)
                    inside[column] = outside[2L * column];
            }
        }

        private void FillRows(T* s, T* c, int first, int last)
        {
            for (int row = first; row < last; row++) new Span<T>(c + (long)row * columns, columns).Fill(s[row * rowStride]);
        }

        /// <summary>Short rows, rows from behind, single rows in steps.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyElements(T* s, T* c, int first, int last)
        {
            for (int row = first; row < last; row++)
            {
                T* outside = s + row * rowStride, inside = c + (long)row * columns;
                int column = 0;
                if (gather && columnStride == -1) column = Transposition.Reverse(outside, inside, columns);
                outside += column * columnStride;
                if (gather) for (; column < columns; column++, outside += columnStride) inside[column] = *outside;
                else for (; column < columns; column++, outside += columnStride) *outside = inside[column];
            }
        }

        /// <summary>
        /// Where rows lie beside each other in memory: squares that are turned in registers. Those at the edges overlap the ones before;
        /// only of what is narrower than a square are elements copied.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyTransposed(T* s, T* c, int first, int last)
        {
            int side = Transposition.Sides<T>();
            if (last - first < side || columns < side)
            {
                Edge(s, c, first, last);
                return;
            }
            // Two squares of every column at a time: a whole cache line of it, which may be gone by the next time.
            for (long top = first; top < last; top += 2 * side)
                for (long left = 0; left < columns; left += side)
                {
                    long column = Math.Min(left, columns - side);
                    for (long row = top; row < Math.Min(top + 2 * side, last); row += side)
                        Square(s, c, Math.Min(row, last - side), column);
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Square(T* s, T* c, long row, long column)
        {
            T* outside = s + row + column * columnStride, inside = c + row * columns + column;
            if (gather) Transposition.Square(outside, columnStride, inside, columns);
            else Transposition.Square(inside, columns, outside, columnStride);
        }

        private void Edge(T* s, T* c, int top, int bottom)
        {
            for (int row = top; row < bottom; row++)
                for (int column = 0; column < columns; column++)
                {
                    if (gather) c[(long)row * columns + column] = s[row + column * columnStride];
                    else s[row + column * columnStride] = c[(long)row * columns + column];
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyTiles(T* s, T* c, int first, int last)
        {
            // A step beyond the last tile may be one beyond the last int.
            for (long top = first; top < last; top += Tile)
                for (long left = 0; left < columns; left += Tile)
                {
                    long bottom = Math.Min(top + Tile, last), right = Math.Min(left + Tile, columns);
                    for (long row = top; row < bottom; row++)
                    {
                        T* outside = s + row * rowStride, inside = c + row * columns;
                        if (gather) for (long column = left; column < right; column++) inside[column] = outside[column * columnStride];
                        else for (long column = left; column < right; column++) outside[column * columnStride] = inside[column];
                    }
                }
        }
    }
}
