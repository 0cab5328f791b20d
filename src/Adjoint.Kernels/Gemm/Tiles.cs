using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Calls the micro-kernel of the height and width a tile happens to have.</summary>
internal static unsafe class Tiles<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>See <see cref="Tile{S, V, T, TRows, TColumns}.Run"/>; rows and columns are at most those of a full tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        int rows, int columns, nint k, T* a, nint row, nint stepA, T* b, nint stepB, T* c, nint ldc, Finish finish, T* bias, T* ahead,
        nint stepAhead)
    {
        if (columns == 2 * S.Lanes) Run<TwoRegisters>(rows, columns, k, a, row, stepA, b, stepB, c, ldc, finish, bias, ahead, stepAhead);
        else if (columns > S.Lanes) Run<SecondMasked>(rows, columns, k, a, row, stepA, b, stepB, c, ldc, finish, bias, ahead, stepAhead);
        else Run<OneMasked>(rows, columns, k, a, row, stepA, b, stepB, c, ldc, finish, bias, ahead, stepAhead);
    }

    /// <summary>Runs a full tile and packs the panel of b that it reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunPacking(
        nint k, T* a, nint row, nint stepA, T* b, nint stepB, T* c, nint ldc, Finish finish, T* bias, T* panel)
    {
        if (S.TileRows == 14)
            Tile<S, V, T, Rows14, TwoRegistersPacking>.Run(k, a, row, stepA, b, stepB, c, ldc, 0, finish, bias, panel, null, 0);
        else
            Tile<S, V, T, Rows6, TwoRegistersPacking>.Run(k, a, row, stepA, b, stepB, c, ldc, 0, finish, bias, panel, null, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TColumns>(
        int rows, int columns, nint k, T* a, nint row, nint stepA, T* b, nint stepB, T* c, nint ldc, Finish finish, T* bias, T* ahead,
        nint stepAhead)
        where TColumns : IColumns
    {
        switch (rows)
        {
            case 1:
                Tile<S, V, T, Rows1, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 2:
                Tile<S, V, T, Rows2, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 3:
                Tile<S, V, T, Rows3, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 4:
                Tile<S, V, T, Rows4, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 5:
                Tile<S, V, T, Rows5, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 6:
                Tile<S, V, T, Rows6, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 7:
                Tile<S, V, T, Rows7, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 8:
                Tile<S, V, T, Rows8, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 9:
                Tile<S, V, T, Rows9, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 10:
                Tile<S, V, T, Rows10, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 11:
                Tile<S, V, T, Rows11, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 12:
                Tile<S, V, T, Rows12, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 13:
                Tile<S, V, T, Rows13, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
            case 14:
                Tile<S, V, T, Rows14, TColumns>.Run(k, a, row, stepA, b, stepB, c, ldc, columns, finish, bias, null, ahead,
                stepAhead); break;
        }
    }
}
