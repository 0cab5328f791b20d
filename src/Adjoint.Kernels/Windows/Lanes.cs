using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Registers of elements that do not lie one beside the other.</summary>
internal static unsafe class Lanes
{
    /// <summary>x[places[0]], x[places[1]], …: needs AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> At<T>(T* x, int* places) where T : unmanaged => sizeof(T) == 4
        ? Avx2.GatherVector256((int*)x, Vector256.Load(places), 4).As<int, T>()
        : Avx2.GatherVector256((long*)x, Vector128.Load(places), 8).As<long, T>();

    /// <summary>x[0], x[2], … and x[1], x[3], … .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<T> Even, Vector256<T> Odd) Apart<T>(T* x) where T : unmanaged
    {
        Vector256<T> a = Vector256.Load(x), b = Vector256.Load(x + Vector256<T>.Count);
        if (sizeof(T) == 4)
        {
            Vector256<int> p = a.As<T, int>(), q = b.As<T, int>();
            if (Avx2.IsSupported)
            {
                // Pairs of lanes within halves, and then the quarters in order.
                Vector256<float> s = p.AsSingle(), t = q.AsSingle();
                Vector256<long> even = Avx.Shuffle(s, t, 0b10_00_10_00).AsInt64(), odd = Avx.Shuffle(s, t, 0b11_01_11_01).AsInt64();
                return (Avx2.Permute4x64(even, 0b11_01_10_00).As<long, T>(), Avx2.Permute4x64(odd, 0b11_01_10_00).As<long, T>());
            }
            Vector256<int> low = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6), high = Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7);
            return (Vector256.Create(Vector256.Shuffle(p, low).GetLower(), Vector256.Shuffle(q, low).GetLower()).As<int, T>(),
                Vector256.Create(Vector256.Shuffle(p, high).GetLower(), Vector256.Shuffle(q, high).GetLower()).As<int, T>());
        }
        Vector256<long> c = a.As<T, long>(), d = b.As<T, long>();
        return (Vector256.Create(c[0], c[2], d[0], d[2]).As<long, T>(), Vector256.Create(c[1], c[3], d[1], d[3]).As<long, T>());
    }
}
