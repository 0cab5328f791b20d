using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A function of two whole numbers of one type.</summary>
internal interface IWholePair
{
    /// <summary>Whether it is one of registers of this type as well.</summary>
    static virtual bool HasRegisters<T>() where T : unmanaged => false;

    /// <summary>f(x, y).</summary>
    static abstract T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>;

    /// <summary>The same of as many as a register holds.</summary>
    static virtual Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> =>
        throw new NotSupportedException("This function has no form for registers.");
}

/// <summary>Functions of pairs of whole numbers, on as many threads as pay.</summary>
internal static unsafe class WholePairs
{
    /// <summary>z[i] = f(x[i], y[i]); x and y may be of length 1.</summary>
    public static void Run<TPair, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where TPair : struct, IWholePair
        where T : unmanaged, IBinaryInteger<T>
    {
        if ((x.Length != 1 && x.Length != z.Length) || (y.Length != 1 && y.Length != z.Length))
            throw new ArgumentException($"There are {x.Length} and {y.Length} numbers for {z.Length} results.");
        fixed (T* px = x, py = y, pz = z)
        {
            var body = new Body<TPair, T>(px, x.Length == 1 ? 0 : 1, py, y.Length == 1 ? 0 : 1, pz, new Chunks(z.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<TPair, T>(T* x, int stepX, T* y, int stepY, T* z, Chunks chunks) : IChunkBody
        where TPair : struct, IWholePair where T : unmanaged, IBinaryInteger<T>
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long start = Chunks.Start(chunk), end = Chunks.End(chunk);
            if (TPair.HasRegisters<T>()) start = Registers(start, end);
            if (stepX == 1 && stepY == 1) Each(start, end);
            else for (long i = start; i < end; i++) z[i] = TPair.Of(x[i * stepX], y[i * stepY]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private long Registers(long i, long end)
        {
            Vector<T> left = new(*x), right = new(*y);
            for (; i + Vector<T>.Count <= end; i += Vector<T>.Count)
            {
                if (stepX != 0) left = Vector.Load(x + i);
                if (stepY != 0) right = Vector.Load(y + i);
                TPair.Of(left, right).Store(z + i);
            }
            return i;
        }

        // Left to the runtime, which knows after some calls what is worth standing in its place here.
        private void Each(long i, long end)
        {
            for (; i < end; i++) z[i] = TPair.Of(x[i], y[i]);
        }
    }
}
