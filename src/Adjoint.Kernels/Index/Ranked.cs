using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A key and the place where it stands, as sorting moves them about.</summary>
internal interface IRanked<E> where E : unmanaged, IRanked<E>
{
    /// <summary>How many bytes the key has.</summary>
    static abstract int KeyBytes { get; }

    /// <summary>A key at a place.</summary>
    static abstract E At(ulong key, int place);

    /// <summary>The key.</summary>
    ulong Key { get; }

    /// <summary>The place.</summary>
    int Place { get; }
}

/// <summary>A key of 32 bits above its place, in one word.</summary>
internal readonly struct NarrowRanked(ulong bits) : IRanked<NarrowRanked>
{
    private readonly ulong _bits = bits;

    public static int KeyBytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NarrowRanked At(ulong key, int place) => new(key << 32 | (uint)place);

    public ulong Key => _bits >> 32;

    public int Place => (int)(uint)_bits;
}

/// <summary>A key of 64 bits and its place.</summary>
internal readonly struct WideRanked(ulong key, int place) : IRanked<WideRanked>
{
    public static int KeyBytes => 8;

    public static WideRanked At(ulong key, int place) => new(key, place);

    public ulong Key => key;

    public int Place => place;
}
