using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>β·c + α·(a·bᵀ) of two vectors, in one pass, rounded as product, factor and sum one after the other are.</summary>
internal static unsafe class OuterSum
{
    /// <summary>z[i, j] = a[i]·b[j]·α + β·c[i, j].</summary>
    public static void Run<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, double alpha, ReadOnlySpan<T> c, double beta, Span<T> z)
        where T : unmanaged
    {
        if (z.Length != (long)a.Length * b.Length || c.Length != z.Length)
            throw new ArgumentException($"Products of {a.Length} and {b.Length} numbers do not fit {c.Length} and {z.Length}.");
        if (z.IsEmpty) return;
        fixed (T* pa = a, pb = b, pc = c, pz = z)
            Rows.Run<Row<T>>(new(pa, pb, pc, pz, b.Length, alpha, beta), a.Length, b.Length);
    }

    private readonly struct Row<T>(T* a, T* b, T* c, T* z, int n, double alpha, double beta) : IRowOfMatrix where T : unmanaged
    {
        public void Run(int row)
        {
            T* to = z + (long)row * n;
            Sweep.Range(new Sum<T>(a + row, b, alpha, c + (long)row * n, beta), to, 0, (nuint)n, false);
        }
    }

    private readonly struct Sum<T>(T* a, T* b, double alpha, T* c, double beta) : IElements<T> where T : unmanaged
    {
        // A sum of products begins as 0, so none is −0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> =>
            (R.Broadcast(*a) * R.Load(in *b, i) + R.Constant(0)) * R.Constant(alpha) + R.Constant(beta) * R.Load(in *c, i);
    }
}
