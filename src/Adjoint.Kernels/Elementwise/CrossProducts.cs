using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Vector products of vectors in space.</summary>
internal static unsafe class CrossProducts
{
    /// <summary>z[o, :, i] = x[o, :, i] × y[o, :, i]; the dimension in the middle has size 3.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int inner) where T : unmanaged, INumber<T>
    {
        if (x.Length != z.Length || y.Length != z.Length)
            throw new ArgumentException($"There are {x.Length} and {y.Length} elements for {z.Length}.");
        if (z.IsEmpty) return;
        fixed (T* px = x, py = y, pz = z)
        {
            var body = new Body<T>(px, py, pz, inner, new Chunks(z.Length / (3 * inner), Math.Max(1, Chunks.Cheap / (3 * inner))));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(T* x, T* y, T* z, int inner, Chunks chunks) : IChunkBody where T : unmanaged, INumber<T>
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            for (long o = Chunks.Start(chunk); o < Chunks.End(chunk); o++)
            {
                T* a = x + o * 3 * inner, b = y + o * 3 * inner, c = z + o * 3 * inner;
                if (inner == 1)
                {
                    (T u, T v, T w) = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
                    (c[0], c[1], c[2]) = (u, v, w);
                    continue;
                }
                Line(a + inner, b + 2L * inner, a + 2L * inner, b + inner, c);
                Line(a + 2L * inner, b, a, b + 2L * inner, c + inner);
                Line(a, b + inner, a + inner, b, c + 2L * inner);
            }
        }

        /// <summary>z = p·q − r·s.</summary>
        private void Line(T* p, T* q, T* r, T* s, T* to)
        {
            int i = 0;
            if (Vector<T>.IsSupported)
            {
                for (; i + Vector<T>.Count <= inner; i += Vector<T>.Count)
                    (Vector.Load(p + i) * Vector.Load(q + i) - Vector.Load(r + i) * Vector.Load(s + i)).Store(to + i);
            }
            for (; i < inner; i++) to[i] = p[i] * q[i] - r[i] * s[i];
        }
    }
}
