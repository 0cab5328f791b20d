using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>What is done with one run of a broadcast operation.</summary>
internal unsafe interface IRow<T> where T : unmanaged
{
    /// <summary>
    /// Fills <paramref name="count"/> elements of the result from <paramref name="start"/> on. Operands are side by side (stride 1) or one
    /// element (stride 0).
    /// </summary>
    void Run(T* x, int xStride, T* y, int yStride, long start, int count);
}

/// <summary>Goes through a broadcast operation in runs along its last dimension, on as many threads as pay.</summary>
internal readonly unsafe struct BroadcastLoop<TRow, T>(
    TRow row, T* x, T* y, Odometer odometer, int inner, int xStride, int yStride, bool isOneX, bool isOneY, RunsBeside beside,
    Chunks chunks) : IChunkBody
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
            var loop =
                new BroadcastLoop<TRow, T>(row, x, y, new Odometer(sizes, xStrides, yStrides, last), inner, xStrides[last], yStrides[last],
                !shape.XStrides.ContainsAnyExcept(0), !shape.YStrides.ContainsAnyExcept(0), RunsBeside.Of<T>(shape),
                new Chunks(length / inner, Math.Max(1, Sweep.Grain / inner)));
            Threads.Run(loop._chunks.Count, ref loop);
        }
    }

    private readonly Chunks _chunks = chunks;

    // Runs shorter than this are brought together too, several in a block: most of the time would go into beginning each.
    private const int Short = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        T* gathered = stackalloc T[2 * Block];
        long run = _chunks.Start(chunk), end = _chunks.End(chunk);
        Odometer position = odometer;
        position.MoveTo(run);
        if (inner < Short)
        {
            ShortRuns(position, run, end, gathered);
            return;
        }
        if (beside.Turns)
        {
            TurnedRuns(position, run, end);
            return;
        }
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

    /// <summary>
    /// Where the runs of one operand lie beside each other in memory, like columns of a matrix, so many of them are turned at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    private void TurnedRuns(Odometer position, long run, long end)
    {
        int most = 64 / sizeof(T), width = Math.Min(inner, Block);
        T* turned = stackalloc T[64 / sizeof(T) * Block];
        bool turnsX = beside.TurnsX;
        // Where the other operand goes on from run to run, what was turned of all of them is one run.
        bool isOneRun = width == inner && (turnsX ? yStride == 1 && beside.Y == inner : xStride == 1 && beside.X == inner);
        while (run < end)
        {
            int runs = (int)Math.Min(Math.Min(most, end - run), beside.Runs - run % beside.Runs);
            for (long i = 0; i < inner; i += Block)
            {
                int columns = (int)Math.Min(Block, inner - i), count = isOneRun ? runs * inner : columns;
                T* px = x + position.X + i * xStride, py = y + position.Y + i * yStride;
                Transposition.Panel(turnsX ? px : py, turnsX ? xStride : yStride, turned, width, runs, columns);
                for (int r = 0; r < (isOneRun ? 1 : runs); r++)
                {
                    T* next = turned + r * width, first = px + (long)r * beside.X, second = py + (long)r * beside.Y;
                    if (turnsX) row.Run(next, 1, second, yStride, (run + r) * inner + i, count);
                    else row.Run(first, xStride, next, 1, (run + r) * inner + i, count);
                }
            }
            run += runs;
            position.Skip(runs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ShortRuns(Odometer position, long run, long end, T* gathered)
    {
        int most = Block / inner;
        // One element everywhere stays one; so does the second operand where there is only one.
        bool oneX = xStride == 0 && isOneX, oneY = yStride == 0 && isOneY;
        while (run < end)
        {
            int runs = (int)Math.Min(most, end - run), count = runs * inner;
            T* atX = x + position.X, atY = y + position.Y;
            for (int done = 0; done < runs;)
            {
                // As far as both operands go on by the same step.
                int beyond = done + (int)Math.Min(runs - done, beside.Runs - (run + done) % beside.Runs);
                T* px = x + position.X, py = y + position.Y;
                for (int r = done; r < beyond; r++, px += beside.X, py += beside.Y)
                {
                    if (!oneX) Copy(px, xStride, gathered + r * inner, inner);
                    if (!oneY) Copy(py, yStride, gathered + Block + r * inner, inner);
                }
                position.Skip(beyond - done);
                done = beyond;
            }
            row.Run(oneX ? atX : gathered, oneX ? 0 : 1, oneY ? atY : gathered + Block, oneY ? 0 : 1, run * inner, count);
            run += runs;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, long stride, T* target, int count)
    {
        if (stride == 1 && sizeof(T) >= 4 && count * sizeof(T) >= 16)
        {
            // The last register overlaps the one before it.
            byte* from = (byte*)source, to = (byte*)target;
            int bytes = count * sizeof(T), i = 0;
            for (; i + 32 <= bytes; i += 32) Vector256.Load(from + i).Store(to + i);
            if (i + 16 < bytes) Vector128.Load(from + i).Store(to + i);
            Vector128.Load(from + bytes - 16).Store(to + bytes - 16);
            return;
        }
        for (int i = 0; i < count; i++) target[i] = source[i * stride];
    }

    private static T* Gather(T* source, long stride, T* target, int count)
    {
        int i = stride == 2 ? EverySecond.Copy(source, target, count) : 0;
        for (; i < count; i++) target[i] = source[i * stride];
        return target;
    }
}
