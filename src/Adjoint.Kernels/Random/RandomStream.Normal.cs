using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    // Note [Two forms of normal]: PyTorch draws normals in two ways. Fewer than 16, or a tensor that is not contiguous,
    // one after another: each pair takes two uniform doubles, and its second waits in the generator for the next call of
    // this form, whatever is drawn in between. From 16 on in blocks of 16: all uniforms first, then pairs (j, j + 8)
    // within a block; when the length is not a multiple of 16, the last 16 places are drawn again as one more block.

    private const int Block = 16, Half = 8;

    /// <summary>
    /// Normal with the given mean and standard deviation. Note [Two forms of normal]: in blocks one word per element,
    /// and 16 more for a length that is not a multiple of 16; otherwise four words per pair.
    /// </summary>
    /// <param name="target">Filled in the order of memory.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    /// <param name="contiguous">False for a tensor that is not contiguous; it is drawn one number after another.</param>
    public void Normal(Span<float> target, double mean = 0, double std = 1, bool contiguous = true)
    {
        if (target.Length < Block || !contiguous) { NormalOneByOne(target, mean, std); return; }
        float m = (float)mean, s = (float)std;
        int whole = target.Length / Block * Block;
        // The uniforms of a block are drawn right before it is made of them, while both are in the cache.
        for (long i = 0; i < whole; i += Chunk) BoxMuller(target[(int)i..(int)Math.Min(i + Chunk, whole)], m, s);
        if (target.Length == whole) return;
        Uniform(target[whole..]);
        BoxMuller(target[^Block..], m, s);
    }

    /// <summary>As the float32 form, with two words per element.</summary>
    /// <inheritdoc cref="Normal(Span{float}, double, double, bool)"/>
    public void Normal(Span<double> target, double mean = 0, double std = 1, bool contiguous = true)
    {
        if (target.Length < Block || !contiguous) { NormalOneByOne(target, mean, std); return; }
        int whole = target.Length / Block * Block;
        // The stream is one thread's; what is made of a piece of it, all threads make, while it is in the cache.
        for (Span<double> rest = target[..whole]; rest.Length > 0; rest = rest[Math.Min(Points.Piece, rest.Length)..])
        {
            Span<double> piece = rest[..Math.Min(Points.Piece, rest.Length)];
            Uniform(piece);
            var points = new Points { Uniforms = piece, Mean = mean, Std = std };
            Threads.Run(points.Count, ref points);
        }
        if (target.Length == whole) return;
        Uniform(target[whole..]);
        Uniform(target[^Block..]);
        BoxMuller(target[^Block..], mean, std);
    }

    /// <summary>exp of a normal, one after another.</summary>
    public void LogNormal<T>(Span<T> target, double mean = 1, double std = 2) where T : unmanaged, INumberBase<T>
    {
        foreach (ref T x in target) x = T.CreateTruncating(Math.Exp(NextNormal(mean, std)));
    }

    /// <summary>The next normal of the one-by-one form, in double precision.</summary>
    public double NextNormal(double mean = 0, double std = 1)
    {
        if (_nextNormal is double waiting)
        {
            _nextNormal = null;
            return Math.FusedMultiplyAdd(waiting, std, mean);
        }
        double angle = NextDouble(), distance = NextDouble();
        double radius = Math.Sqrt(-2 * Math.Log(1 - distance));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * angle);
        _nextNormal = radius * sin;
        return Math.FusedMultiplyAdd(radius * cos, std, mean);
    }

    private void NormalOneByOne<T>(Span<T> target, double mean, double std) where T : unmanaged, INumberBase<T>
    {
        foreach (ref T x in target) x = T.CreateTruncating(NextNormal(mean, std));
    }

    /// <summary>Draws 16 uniforms for 16 normals, and again: the radius from the first eight, the angle from the last eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BoxMuller(Span<float> blocks, float mean, float std)
    {
        Span<float> distance = stackalloc float[Chunk / 2], angle = stackalloc float[Chunk / 2];
        int half = blocks.Length / 2;
        Uniform(blocks);
        ref float first = ref MemoryMarshal.GetReference(blocks), x = ref MemoryMarshal.GetReference(distance),
            y = ref MemoryMarshal.GetReference(angle);
        for (nuint i = 0; i < (nuint)half; i += Half)
        {
            Vector256.LoadUnsafe(ref first, 2 * i).StoreUnsafe(ref x, i);
            Vector256.LoadUnsafe(ref first, 2 * i + Half).StoreUnsafe(ref y, i);
        }
        if (Vector512.IsHardwareAccelerated && half % 16 == 0) ToPoints<Lanes512<float>>(ref x, ref y, half);
        else if (Vector256.IsHardwareAccelerated) ToPoints<Lanes256<float>>(ref x, ref y, half);
        else ToPoints<Lanes128<float>>(ref x, ref y, half);
        Vector256<float> m = Vector256.Create(mean), s = Vector256.Create(std);
        for (nuint i = 0; i < (nuint)half; i += Half)
        {
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i), s, m).StoreUnsafe(ref first, 2 * i);
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref y, i), s, m).StoreUnsafe(ref first, 2 * i + Half);
        }
    }

    /// <summary>Uniform distances and angles to points of a normal distribution, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToPoints<R>(ref float x, ref float y, int count) where R : struct, IRegister<R, float>
    {
        if (Unsafe.SizeOf<R>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "drawn", "and", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        for (nuint i = 0; i < (nuint)count; i += (nuint)R.Count)
        {
            R.Store(CephesFunctions.Point(R.Load(in x, i), R.Load(in y, i), out R second), ref x, i);
            R.Store(second, ref y, i);
        }
    }

    /// <summary>Uniforms that become normals, in blocks. See Note [Two forms of normal].</summary>
    private ref struct Points : IChunkBody
    {
        public const int Piece = 1 << 15;
        private const int Each = 1 << 10;

        public Span<double> Uniforms;
        public double Mean, Std;

        public readonly int Count => (Uniforms.Length + Each - 1) / Each;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int end = (int)Math.Min(Uniforms.Length, (chunk + 1L) * Each);
            for (long i = (long)chunk * Each; i < end; i += Block) BoxMuller(Uniforms.Slice((int)i, Block), Mean, Std);
        }
    }

    private static void BoxMuller(Span<double> block, double mean, double std)
    {
        for (int j = 0; j < Half; j++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - block[j]));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * block[j + Half]);
            block[j] = Math.FusedMultiplyAdd(radius * cos, std, mean);
            block[j + Half] = Math.FusedMultiplyAdd(radius * sin, std, mean);
        }
    }
}
