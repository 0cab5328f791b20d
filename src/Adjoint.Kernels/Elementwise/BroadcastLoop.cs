using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What is done with one run of a broadcast operation.</summary>
internal unsafe interface IRow<T> where T : unmanaged
{
    /// <summary>Fills <paramref name="count"/> elements of the result from <paramref name="start"/> on. Operands are side by side (stride 1) or one element (stride 0).</summary>
    void Run(T* x, int xStride, T* y, int yStride, long start, int count);
}

/// <summary>Goes through a broadcast operation in runs along its last dimension, on as many threads as pay.</summary>
internal readonly unsafe struct BroadcastLoop<TRow, T>(TRow row, T* x, T* y, Odometer odometer, int inner, int xStride, int yStride, Chunks chunks) : IChunkBody
    where TRow : struct, IRow<T> where T : unmanaged
{
    // Elements that are neither side by side nor all the same are first brought together, so many at a time.
    private const int Block = 512;

    /// <summary>Runs <paramref name="row"/> over all runs of <paramref name="shape"/>; the operands must be pinned.</summary>
    public static void Run(TRow row, in Broadcast shape, T* x, T* y)
    {
        long length = shape.Length;
        if (length == 0) return;
        int last = shape.Sizes.Length - 1;
        fixed (int* sizes = shape.Sizes, xStrides = shape.XStrides, yStrides = shape.YStrides)
        {
            int inner = sizes[last];
            var loop = new BroadcastLoop<TRow, T>(row, x, y, new Odometer(sizes, xStrides, yStrides, last), inner, xStrides[last], yStrides[last],
                new Chunks(length / inner, Math.Max(1, Sweep.Grain / inner)));
            Threads.Run(loop._chunks.Count, ref loop);
        }
    }

    private readonly Chunks _chunks = chunks;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        T* gathered = stackalloc T[2 * Block];
        long run = _chunks.Start(chunk), end = _chunks.End(chunk);
        Odometer position = odometer;
        position.MoveTo(run);
        for (; run < end; run++, position.Next())
        {
            T* px = x + position.X, py = y + position.Y;
            if (xStride is 0 or 1 && yStride is 0 or 1)
            {
                row.Run(px, xStride, py, yStride, run * inner, inner);
                continue;
            }
            for (long i = 0; i < inner; i += Block)
            {
                int count = (int)Math.Min(Block, inner - i);
                T* bx = px + i * xStride, by = py + i * yStride;
                if (xStride is not (0 or 1)) bx = Gather(bx, xStride, gathered, count);
                if (yStride is not (0 or 1)) by = Gather(by, yStride, gathered + Block, count);
                row.Run(bx, xStride == 0 ? 0 : 1, by, yStride == 0 ? 0 : 1, run * inner + i, count);
            }
        }
    }

    private static T* Gather(T* source, long stride, T* target, int count)
    {
        for (int i = 0; i < count; i++) target[i] = source[i * stride];
        return target;
    }
}
