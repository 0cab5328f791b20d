using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
            var body =
                new SelectBody<T>(
                    pc, condition.Length == 1 ? 0 : 1, px, x.Length == 1 ? 0 : 1, py, y.Length == 1 ? 0 : 1, pz,
                    new Chunks(z.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct SelectBody<T>(byte* condition, nint conditionStride, T* x, nint xStride, T* y, nint yStride, T* z,
        Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            nint end = (nint)Chunks.End(chunk), i = (nint)Chunks.Start(chunk);
            if (Avx2.IsSupported && conditionStride == 1)
            {
                nint lanes = Vector256<T>.Count;
                for (; i + lanes <= end; i += lanes)
                    Vector256.ConditionalSelect(Mask(condition + i), At(x, xStride, i), At(y, yStride, i)).Store(z + i);
            }
            for (; i < end; i++)
            {
                // Both are read, so that the choice is a move and not a jump.
                T then = x[i * xStride], otherwise = y[i * yStride];
                z[i] = condition[i * conditionStride] != 0 ? then : otherwise;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<T> At(T* operand, nint stride, nint i) =>
            stride == 0 ? Vector256.Create(*operand) : Vector256.Load(operand + i);

        /// <summary>All bits of a lane where its byte is not 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<T> Mask(byte* condition)
        {
            if (sizeof(T) == 4) return (~Vector256.Equals(Avx2.ConvertToVector256Int32(condition), Vector256<int>.Zero)).As<int, T>();
            if (sizeof(T) == 8) return (~Vector256.Equals(Avx2.ConvertToVector256Int64(condition), Vector256<long>.Zero)).As<long, T>();
            return (~Vector256.Equals(Vector256.Load(condition), Vector256<byte>.Zero)).As<byte, T>();
        }
    }
}
