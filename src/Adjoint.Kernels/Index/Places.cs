using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Lists of places in a dimension, as indices give them.</summary>
internal static class Places
{
    /// <summary>Where in the list the first stands that is not one of 0 … n − 1, or −1. As unsigned numbers negative places are large: one comparison a register.</summary>
    public static int FirstOutside(ReadOnlySpan<long> places, int n)
    {
        ReadOnlySpan<Vector<ulong>> registers = MemoryMarshal.Cast<long, Vector<ulong>>(places);
        var end = new Vector<ulong>((ulong)n);
        int inside = 0;
        while (inside < registers.Length && Vector.LessThanAll(registers[inside], end)) inside++;
        for (int i = inside * Vector<ulong>.Count; i < places.Length; i++)
            if ((ulong)places[i] >= (ulong)n) return i;
        return -1;
    }

    /// <summary>Throws if a place is not one of 0 … n − 1.</summary>
    public static void Check(ReadOnlySpan<long> places, int n)
    {
        if (FirstOutside(places, n) is >= 0 and int bad) Refuse(places[bad], n);
    }

    /// <summary>Says that there is no such place.</summary>
    [DoesNotReturn]
    public static void Refuse(long place, int n) => throw new ArgumentOutOfRangeException(nameof(place), place, $"There is no place {place} among {n}.");
}
