using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Finds the way to compute a product that suits its sizes. The choice depends on sizes and layout alone.</summary>
internal static class MatrixProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Computes <paramref name="p"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        if ((p.N == 1 || p.M == 1) && RunVector(p.N == 1 ? p : p.Transposed)) return;
        if (SkinnyProduct<S, V, T>.Accepts(p)) SkinnyProduct<S, V, T>.Run(p);
        else if (DirectProduct<S, V, T>.Accepts(p)) DirectProduct<S, V, T>.Run(p);
        else if (LowRankProduct<S, V, T>.Accepts(p)) LowRankProduct<S, V, T>.Run(p);
        else RunBlocked(BlockedProduct<S, V, T>.Oriented(p));
    }

    private static void RunBlocked(in Product<T> p)
    {
        int rest = SkinnyProduct<S, V, T>.Rest(p), columns = p.N - rest;
        BlockedProduct<S, V, T>.Run(rest == 0 ? p : p.Part(0, p.M, 0, columns, 0, p.K));
        if (rest > 0) SkinnyProduct<S, V, T>.Run(p.Part(0, p.M, columns, rest, 0, p.K));
    }

    /// <summary>In which order <see cref="Run"/> adds up.</summary>
    public static SumOrder OrderOf(in Product<T> p)
    {
        if (p.N == 1 || p.M == 1)
        {
            Product<T> column = p.N == 1 ? p : p.Transposed;
            if (VectorProduct<S, V, T>.Accepts(column)) return SumOrder.TwiceTheLanes;
            if (WeightedSum<S, V, T>.Accepts(column.Transposed)) return SumOrder.Blocks;
        }
        return SkinnyProduct<S, V, T>.Accepts(p) ? SumOrder.Lanes : DirectProduct<S, V, T>.Accepts(p) ? SumOrder.Steps : SumOrder.Slices;
    }

    /// <summary>
    /// How many of the last rows, and of the last columns, <see cref="Run"/> adds up as <see cref="SumOrder.Lanes"/>, where the order of
    /// the others is that of slices.
    /// </summary>
    public static (int Rows, int Columns) RestOf(in Product<T> p)
    {
        if (OrderOf(p) != SumOrder.Slices) return (0, 0);
        int rest = SkinnyProduct<S, V, T>.Rest(BlockedProduct<S, V, T>.Oriented(p));
        return BlockedProduct<S, V, T>.PreferTransposed(p) ? (rest, 0) : (0, rest);
    }

    /// <summary>Computes a product with one column, if it lies well.</summary>
    private static bool RunVector(in Product<T> p)
    {
        if (VectorProduct<S, V, T>.Accepts(p)) VectorProduct<S, V, T>.Run(p);
        else if (WeightedSum<S, V, T>.Accepts(p.Transposed)) WeightedSum<S, V, T>.Run(p.Transposed);
        else return false;
        return true;
    }
}
