using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The few register operations a matrix product is made of, so that one micro-kernel serves every register width. The widths
/// that the processor lacks run in software, which is slow but right: that is how tests reach every kernel on every machine.
/// </summary>
/// <typeparam name="V">The register: Vector128, Vector256 or Vector512 of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="T">float, double, int or long.</typeparam>
internal unsafe interface ISimd<V, T> where V : struct where T : unmanaged
{
    /// <summary>How many numbers a register holds.</summary>
    static abstract int Lanes { get; }

    /// <summary>
    /// How many rows of two registers a tile of the product has at most: as many as leave room for the operands.
    /// </summary>
    static abstract int TileRows { get; }

    /// <summary>The numbers from <paramref name="p"/> on.</summary>
    static abstract V Load(T* p);

    /// <summary>Writes the numbers to <paramref name="p"/> on.</summary>
    static abstract void Store(T* p, V x);

    /// <summary>A mask for the first <paramref name="count"/> lanes.</summary>
    static abstract V Mask(int count);

    /// <summary>The numbers in masked lanes, zero in others; memory of other lanes is not touched.</summary>
    static abstract V Load(T* p, V mask);

    /// <summary>Writes the numbers of masked lanes; memory of other lanes is not touched.</summary>
    static abstract void Store(T* p, V mask, V x);

    /// <summary>The number at <paramref name="p"/> in every lane.</summary>
    static abstract V Broadcast(T* p);

    /// <summary>x·y + z, rounded once; whole numbers wrap around.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>x + y.</summary>
    static abstract V Add(V x, V y);

    /// <summary>Halves of the register are added to each other until 128 bits are left.</summary>
    static abstract Vector128<T> Fold(V x);

    /// <summary>0 where x &lt; 0, otherwise x (also when x is NaN).</summary>
    static abstract V Relu(V x);
}
