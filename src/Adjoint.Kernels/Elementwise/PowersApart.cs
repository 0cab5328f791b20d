using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Numbers as m·2ᵉ with ½ ≤ |m| &lt; 1, read from their bits.</summary>
internal static unsafe class PowersApart
{
    // A number without a leading one has it after this: 2²⁴ and 2⁵³.
    private const int Raised = 24, RaisedDouble = 53;

    /// <summary>m and e of each number; of 0, the infinities and NaN the number itself, and 0.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> m, Span<int> e) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m.Length != x.Length || e.Length != x.Length)
            throw new ArgumentException($"There are {m.Length} and {e.Length} results for {x.Length} numbers.");
        fixed (T* px = x, pm = m)
        fixed (int* pe = e)
        {
            var body = new Body<T>(px, pm, pe, new Chunks(x.Length, Chunks.Cheap));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(T* x, T* m, int* e, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long start = Chunks.Start(chunk), count = Chunks.End(chunk) - start;
            if (typeof(T) == typeof(float)) Floats((float*)(x + start), (float*)(m + start), e + start, count);
            else Doubles((double*)(x + start), (double*)(m + start), e + start, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Floats(float* x, float* m, int* e, long count)
    {
        int lanes = Vector256<float>.Count;
        long i = 0;
        for (; i + lanes <= count; i += lanes)
        {
            Float(Vector256.Load(x + i), out Vector256<float> mantissa, out Vector256<int> exponent);
            mantissa.Store(m + i);
            exponent.Store(e + i);
        }
        for (; i < count; i++)
        {
            Float(Vector256.CreateScalar(x[i]), out Vector256<float> mantissa, out Vector256<int> exponent);
            (m[i], e[i]) = (mantissa.ToScalar(), exponent.ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Float(Vector256<float> x, out Vector256<float> m, out Vector256<int> e)
    {
        const int Field = 0x7f80_0000, Half = 0x3f00_0000, Rest = unchecked((int)0x807f_ffff);
        Vector256<int> isSmall = Vector256.Equals(x.AsInt32() & Vector256.Create(Field), Vector256<int>.Zero);
        Vector256<int> bits = Vector256.ConditionalSelect(isSmall, (x * (1 << Raised)).AsInt32(), x.AsInt32());
        Vector256<int> field = bits & Vector256.Create(Field);
        Vector256<int> isNone = Vector256.Equals(field, Vector256<int>.Zero) | Vector256.Equals(field, Vector256.Create(Field));
        e = Vector256.AndNot((field >>> 23) - Vector256.Create(126) - (isSmall & Vector256.Create(Raised)), isNone);
        m = Vector256.ConditionalSelect(isNone, x.AsInt32(), (bits & Vector256.Create(Rest)) | Vector256.Create(Half)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Doubles(double* x, double* m, int* e, long count)
    {
        int lanes = Vector256<double>.Count;
        long i = 0;
        for (; i + lanes <= count; i += lanes)
        {
            Double(Vector256.Load(x + i), out Vector256<double> mantissa, out Vector256<long> exponent);
            mantissa.Store(m + i);
            Vector256.Narrow(exponent, exponent).GetLower().Store(e + i);
        }
        for (; i < count; i++)
        {
            Double(Vector256.CreateScalar(x[i]), out Vector256<double> mantissa, out Vector256<long> exponent);
            (m[i], e[i]) = (mantissa.ToScalar(), (int)exponent.ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Double(Vector256<double> x, out Vector256<double> m, out Vector256<long> e)
    {
        const long Field = 0x7ff0_0000_0000_0000, Half = 0x3fe0_0000_0000_0000, Rest = unchecked((long)0x800f_ffff_ffff_ffff);
        Vector256<long> isSmall = Vector256.Equals(x.AsInt64() & Vector256.Create(Field), Vector256<long>.Zero);
        Vector256<long> bits = Vector256.ConditionalSelect(isSmall, (x * (1L << RaisedDouble)).AsInt64(), x.AsInt64());
        Vector256<long> field = bits & Vector256.Create(Field);
        Vector256<long> isNone = Vector256.Equals(field, Vector256<long>.Zero) | Vector256.Equals(field, Vector256.Create(Field));
        e = Vector256.AndNot((field >>> 52) - Vector256.Create(1022L) - (isSmall & Vector256.Create((long)RaisedDouble)), isNone);
        m = Vector256.ConditionalSelect(isNone, x.AsInt64(), (bits & Vector256.Create(Rest)) | Vector256.Create(Half)).AsDouble();
    }
}
