namespace Adjoint;

/// <summary>
/// A register of <see cref="Count"/> lanes of <typeparamref name="T"/>. One number is a register of one lane
/// (<see cref="Real{T}"/>), so that the tail of a loop computes the same bits as its body.
/// </summary>
/// <typeparam name="R">The register itself.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public interface IRegister<R, T> : IAlgebra<R> where R : struct, IRegister<R, T> where T : unmanaged
{
    /// <summary>How many lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes from <paramref name="source"/>[<paramref name="index"/>] on; no alignment is needed.</summary>
    /// <remarks>Nothing checks the place, so this is no business of safe code outside.</remarks>
    internal static abstract R Load(ref readonly T source, nuint index);

    /// <summary>Writes the lanes to <paramref name="target"/>[<paramref name="index"/>] on.</summary>
    /// <inheritdoc cref="Load" path="/remarks"/>
    internal static abstract void Store(R value, ref T target, nuint index);

    /// <summary>
    /// Writes the lanes to memory past the caches; <paramref name="target"/> must be aligned to the size of the register.
    /// </summary>
    internal static abstract unsafe void StoreNonTemporal(R value, T* target);

    /// <summary>Every lane is <paramref name="value"/>.</summary>
    static abstract R Broadcast(T value);

    /// <summary>Bit i is set where x &lt; y in lane i.</summary>
    static abstract ulong Less(R x, R y);

    /// <summary>Bit i is set where x = y in lane i.</summary>
    static abstract ulong Equal(R x, R y);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract R MultiplyAdd(R x, R y, R z);

    /// <summary>√x, correctly rounded.</summary>
    static abstract R Sqrt(R x);

    /// <summary>|x|: the sign bit cleared.</summary>
    static abstract R Abs(R x);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract R Round(R x);

    /// <summary>The largest whole number not above x.</summary>
    static abstract R Floor(R x);

    /// <summary>|x| with the sign bit of <paramref name="sign"/>.</summary>
    static abstract R CopySign(R x, R sign);

    /// <summary>2ⁿ for a whole-numbered n with −126 ≤ n ≤ 127 (float), −1022 ≤ n ≤ 1023 (double).</summary>
    static abstract R Pow2(R n);

    /// <summary>Splits a positive, normal, finite x into m·2ᵉ with m in [√½, √2).</summary>
    static abstract R Mantissa(R x, out R exponent);

    /// <summary>
    /// The function of each lane, evaluated in double precision and rounded once: for arguments too rare or too large for SIMD code.
    /// </summary>
    static abstract R Map<TFunction>(R x) where TFunction : struct, IScalarFunction;

    /// <summary>The function of each pair of lanes, evaluated in double precision and rounded once.</summary>
    static abstract R Map2<TFunction>(R x, R y) where TFunction : struct, IScalarFunction2;
}
