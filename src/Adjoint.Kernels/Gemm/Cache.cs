using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Hints to the processor's caches.</summary>
internal static unsafe class Cache
{
    /// <summary>Asks for the line at <paramref name="p"/>, which need not be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* p)
    {
        if (Sse.IsSupported) Sse.Prefetch0(p);
    }

    /// <summary>As <see cref="Prefetch"/>, but leaves the first-level cache to what is used now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchSecondLevel(void* p)
    {
        if (Sse.IsSupported) Sse.Prefetch1(p);
    }
}
