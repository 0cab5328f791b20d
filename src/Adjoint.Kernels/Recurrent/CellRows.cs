using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>What happens to elements j, j + 1, … of a row of cells.</summary>
internal interface ICellRow<T> where T : unmanaged
{
    /// <summary>One register of them.</summary>
    void At<R>(int row, nuint j) where R : struct, IRegister<R, T>;
}

/// <summary>Goes along rows of cells register by register, on as many threads as pay. No element depends on another of its row.</summary>
internal static class CellRows
{
    /// <summary>
    /// All of <paramref name="rows"/> rows of <paramref name="n"/> cells, each of which costs as much as a few functions.
    /// </summary>
    public static void Run<TCell, T>(TCell cell, int rows, int n) where TCell : struct, ICellRow<T> where T : unmanaged =>
        Rows.Run(new Row<TCell, T>(cell, n), rows, 2 * n);

    /// <summary>That arrays of <paramref name="rows"/> rows have so many times n elements.</summary>
    public static void Check(int rows, int n, params ReadOnlySpan<int> lengthsAndTimes)
    {
        for (int i = 0; i < lengthsAndTimes.Length / 2; i++)
        {
            (int length, int times) = (lengthsAndTimes[2 * i], lengthsAndTimes[2 * i + 1]);
            if (length != (long)rows * n * times)
                throw new ArgumentException($"{rows} cells of width {n}: array {i} has {length} elements, and not {times} for each.");
        }
    }

    private readonly struct Row<TCell, T>(TCell cell, int n) : IRowOfMatrix where TCell : struct, ICellRow<T> where T : unmanaged
    {
        public void Run(int row)
        {
            nuint j = 0;
            if (Vector512.IsHardwareAccelerated) j = Range<Lanes512<T>>(row, 0);
            else if (Vector256.IsHardwareAccelerated) j = Range<Lanes256<T>>(row, 0);
            else j = Range<Lanes128<T>>(row, 0);
            Range<Lane<T>>(row, j);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Range<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            for (; j + (nuint)R.Count <= (nuint)n; j += (nuint)R.Count) cell.At<R>(row, j);
            return j;
        }
    }
}
