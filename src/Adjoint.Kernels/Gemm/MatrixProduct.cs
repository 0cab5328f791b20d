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
        if (p.N == 1 && VectorProduct<S, V, T>.Accepts(p)) VectorProduct<S, V, T>.Run(p);
        else if (p.M == 1 && VectorProduct<S, V, T>.Accepts(p.Transposed)) VectorProduct<S, V, T>.Run(p.Transposed);
        else if (DirectProduct<S, V, T>.Accepts(p)) DirectProduct<S, V, T>.Run(p);
        else BlockedProduct<S, V, T>.Run(p);
    }
}
