using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What is done to a tile whose sums are written. See Note [Finishing].</summary>
internal static unsafe class TileFinish<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Adds the bias and applies the epilogue that <paramref name="finish"/> names.</summary>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile, at most two registers.</param>
    /// <param name="c">Its first element.</param>
    /// <param name="ldc">Distance between its rows.</param>
    /// <param name="finish">What is to be done.</param>
    /// <param name="bias">The bias of the first row or column, if <paramref name="finish"/> names one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int columns, T* c, nint ldc, Finish finish, T* bias)
    {
        for (int j = 0; j < columns; j += S.Lanes)
        {
            V mask = S.Mask(Math.Min(S.Lanes, columns - j));
            bool byColumn = (finish & Finish.ColumnBias) != 0, byRow = (finish & Finish.RowBias) != 0, relu = (finish & Finish.Relu) != 0;
            V column = byColumn ? S.Load(bias + j, mask) : default;
            T* row = c + j;
            for (int i = 0; i < rows; i++, row += ldc)
            {
                V x = S.Load(row, mask);
                if (byColumn) x = S.Add(x, column);
                if (byRow) x = S.Add(x, S.Broadcast(bias + i));
                if (relu) x = S.Relu(x);
                S.Store(row, mask, x);
            }
        }
    }

    /// <summary>c = c + sums.</summary>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile, at most two registers.</param>
    /// <param name="sums">The sums of the tile, each row in two registers.</param>
    /// <param name="c">The first element of what they are added to.</param>
    /// <param name="ldc">Distance between its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int rows, int columns, T* sums, T* c, nint ldc)
    {
        for (int j = 0; j < columns; j += S.Lanes)
        {
            V mask = S.Mask(Math.Min(S.Lanes, columns - j));
            T* row = c + j, sum = sums + j;
            for (int i = 0; i < rows; i++, row += ldc, sum += 2 * S.Lanes)
                S.Store(row, mask, S.Add(S.Load(sum, mask), S.Load(row, mask)));
        }
    }
}
