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
        Uniform(target);
        for (int i = 0; i <= target.Length - Block; i += Block) BoxMuller(target.Slice(i, Block), m, s);
        if (target.Length % Block == 0) return;
        Uniform(target[^Block..]);
        BoxMuller(target[^Block..], m, s);
    }

    /// <summary>As the float32 form, with two words per element.</summary>
    /// <inheritdoc cref="Normal(Span{float}, double, double, bool)"/>
    public void Normal(Span<double> target, double mean = 0, double std = 1, bool contiguous = true)
    {
        if (target.Length < Block || !contiguous) { NormalOneByOne(target, mean, std); return; }
        Uniform(target);
        for (int i = 0; i <= target.Length - Block; i += Block) BoxMuller(target.Slice(i, Block), mean, std);
        if (target.Length % Block == 0) return;
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

    /// <summary>16 uniforms to 16 normals: the radius from the first eight, the angle from the last eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BoxMuller(Span<float> block, float mean, float std)
    {
        ref float first = ref MemoryMarshal.GetReference(block);
        Vector256<float> u = Vector256.LoadUnsafe(ref first), v = Vector256.LoadUnsafe(ref first, Half);
        Vector256<float> radius = Vector256.Sqrt(SingleFunctions.Log(Vector256<float>.One - u) * -2f);
        (Vector256<float> sin, Vector256<float> cos) = SingleFunctions.SinCos(v * (2 * MathF.PI));
        Vector256<float> m = Vector256.Create(mean), s = Vector256.Create(std);
        Vector256.FusedMultiplyAdd(radius * cos, s, m).StoreUnsafe(ref first);
        Vector256.FusedMultiplyAdd(radius * sin, s, m).StoreUnsafe(ref first, Half);
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

    /// <summary>
    /// Logarithm, sine and cosine of eight floats as the Cephes library approximates them, every multiply-add fused.
    /// They are not the most accurate there are: they are the ones whose bits PyTorch's normals have.
    /// </summary>
    private static class SingleFunctions
    {
        /// <summary>ln x for normal positive x: x = m·2ᵉ with m in [√½, √2), a polynomial in m − 1.</summary>
        public static Vector256<float> Log(Vector256<float> x)
        {
            Vector256<int> bits = x.AsInt32();
            Vector256<float> e = Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(126));
            Vector256<float> m = ((bits & Vector256.Create(0x007fffff)) | Vector256.Create(0x3f000000)).AsSingle();  // [½, 1)
            Vector256<float> small = Vector256.LessThan(m, Vector256.Create(0.707106781186547524f));
            Vector256<float> t = m - Vector256<float>.One + (m & small);                                             // m or 2m, less one
            e -= Vector256<float>.One & small;
            Vector256<float> z = t * t;
            Vector256<float> y = Polynomial(t,
            [
                7.0376836292E-2f, -1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f,
                -1.6668057665E-1f, 2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f,
            ]) * t;
            y = Vector256.FusedMultiplyAdd(y, z, e * -2.12194440e-4f);      // ln 2 in two parts, the small one first
            y = Vector256.FusedMultiplyAdd(-z, Vector256.Create(0.5f), y);
            return Vector256.FusedMultiplyAdd(e, Vector256.Create(0.693359375f), t + y);
        }

        /// <summary>sin x and cos x for x in [0, 2π]: x is reduced by a multiple of π/2 given in three parts.</summary>
        public static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> x)
        {
            Vector256<int> octant = (Vector256.ConvertToInt32(x * 1.27323954473516f) + Vector256<int>.One) & Vector256.Create(~1);
            Vector256<float> y = Vector256.ConvertToSingle(octant);
            x = Vector256.FusedMultiplyAdd(y, Vector256.Create(-0.78515625f), x);
            x = Vector256.FusedMultiplyAdd(y, Vector256.Create(-2.4187564849853515625e-4f), x);
            x = Vector256.FusedMultiplyAdd(y, Vector256.Create(-3.77489497744594108e-8f), x);
            Vector256<float> z = x * x;

            Vector256<float> c = Polynomial(z, [2.443315711809948E-005f, -1.388731625493765E-003f, 4.166664568298827E-002f]) * z;
            c = Vector256.FusedMultiplyAdd(c, z, -(z * 0.5f)) + Vector256<float>.One;
            Vector256<float> s = Polynomial(z, [-1.9515295891E-4f, 8.3321608736E-3f, -1.6666654611E-1f]) * z;
            s = Vector256.FusedMultiplyAdd(s, x, x);

            Vector256<float> swap = Vector256.Equals(octant & Vector256.Create(2), Vector256.Create(2)).AsSingle();
            Vector256<int> sinSign = (octant & Vector256.Create(4)) << 29;
            Vector256<int> cosSign = ((octant + Vector256.Create(2)) & Vector256.Create(4)) << 29;
            return (
                (Vector256.ConditionalSelect(swap, c, s).AsInt32() ^ sinSign).AsSingle(),
                (Vector256.ConditionalSelect(swap, s, c).AsInt32() ^ cosSign).AsSingle());
        }

        private static Vector256<float> Polynomial(Vector256<float> x, ReadOnlySpan<float> coefficients)
        {
            Vector256<float> y = Vector256.Create(coefficients[0]);
            for (int i = 1; i < coefficients.Length; i++) y = Vector256.FusedMultiplyAdd(y, x, Vector256.Create(coefficients[i]));
            return y;
        }
    }
}
