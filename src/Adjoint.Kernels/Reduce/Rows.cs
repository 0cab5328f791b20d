using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What is done with one row of a matrix.</summary>
internal interface IRowOfMatrix
{
    /// <summary>Does row number <paramref name="row"/>.</summary>
    void Run(int row);
}

/// <summary>Goes through the rows of a matrix, on as many threads as pay.</summary>
internal static class Rows
{
    /// <summary>Does all of <paramref name="count"/> rows of <paramref name="width"/> elements.</summary>
    public static void Run<TRow>(TRow row, int count, int width) where TRow : struct, IRowOfMatrix
    {
        int grain = Math.Max(1, Chunks.Costly / Math.Max(1, width));
        int size = count <= 2 * grain ? count : grain;
        if (size == 0) return;
        var body = new Body<TRow>(row, count, size);
        Threads.Run((int)(((long)count + size - 1) / size), ref body);
    }

    private readonly struct Body<TRow>(TRow row, int count, int size) : IChunkBody where TRow : struct, IRowOfMatrix
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            int start = chunk * size, end = start + Math.Min(size, count - start);
            for (int r = start; r < end; r++) row.Run(r);
        }
    }
}
