using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>z = x where the condition is not 0, else y. Each of the three has the length of z, or length 1.</summary>
    public static void Select<T>(ReadOnlySpan<byte> condition, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged
    {
        if (condition.Length != 1) CheckLength(condition.Length, z.Length);
        if (x.Length != 1) CheckLength(x.Length, z.Length);
        if (y.Length != 1) CheckLength(y.Length, z.Length);
        fixed (byte* pc = condition)
        fixed (T* px = x, py = y, pz = z)
        {
            var body = new SelectBody<T>(pc, condition.Length == 1 ? 0 : 1, px, x.Length == 1 ? 0 : 1, py, y.Length == 1 ? 0 : 1, pz, new Chunks(z.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct SelectBody<T>(byte* condition, nint conditionStride, T* x, nint xStride, T* y, nint yStride, T* z, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            nint end = (nint)Chunks.End(chunk);
            for (nint i = (nint)Chunks.Start(chunk); i < end; i++)
            {
                // Both are read, so that the choice is a move and not a jump.
                T then = x[i * xStride], otherwise = y[i * yStride];
                z[i] = condition[i * conditionStride] != 0 ? then : otherwise;
            }
        }
    }
}
