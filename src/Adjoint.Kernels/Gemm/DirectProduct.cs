using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The product of small matrices: tile after tile straight from the operands. What it saves is everything but the tiles.</summary>
internal static unsafe class DirectProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private const long Limit = 40 * 40 * 40;

    /// <summary>Whether <paramref name="p"/> is small enough and lies well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(in Product<T> p) => (long)p.M * p.N * Math.Max(1, p.K) <= Limit && p.Right.Column == 1 && p.Out.Column == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product<T> p)
    {
        for (int j = 0; j < p.N; j += 2 * S.Lanes)
        {
            int columns = Math.Min(2 * S.Lanes, p.N - j);
            for (int i = 0; i < p.M; i += S.TileRows)
            {
                T* a = p.Left.At(i, 0);
                Tiles<S, V, T>.Run(
                    Math.Min(S.TileRows, p.M - i), columns, p.K, a, p.Left.Row, p.Left.Column,
                    p.Right.At(0, j), p.Right.Row, p.Out.At(i, j), p.Out.Row, p.Finish, p.BiasAt(i, j), ahead: a, stepAhead: 0);
            }
        }
    }
}
