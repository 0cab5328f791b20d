namespace Adjoint;

/// <summary>Powers of two, and what numbers are of them, as methods of a written program: they are read off the bits.</summary>
internal static class CodeBits
{
    /// <summary>2ⁿ.</summary>
    internal static CodeMethod Pow2<T>() where T : unmanaged => CodeMethod.Of(Single<T>()
        ? """
        // 2ⁿ for a whole n from -126 to 127: its exponent field is n + 127.
        static float Pow2(float n) => BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
        """
        : """
        // 2ⁿ for a whole n from -1022 to 1023: its exponent field is n + 1023.
        static double Pow2(double n) => BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
        """, Code<T>.Word);

    /// <summary>m of x = m·2ᵉ.</summary>
    internal static CodeMethod Mantissa<T>() where T : unmanaged => CodeMethod.Of(Single<T>()
        ? """
        // m of a positive x = m·2ᵉ with m from √½ to √2. Moving the bits of √½ to those of 1 makes the exponent field that of x/√½.
        static float Mantissa(float x) =>
            BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(x) + (0x3f800000 - 0x3f3504f3) & 0x007fffff) + 0x3f3504f3);
        """
        : """
        // m of a positive x = m·2ᵉ with m from √½ to √2. Moving the bits of √½ to those of 1 makes the exponent field that of x/√½.
        static double Mantissa(double x) =>
            BitConverter.UInt64BitsToDouble(
                (BitConverter.DoubleToUInt64Bits(x) + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd) & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);
        """, Code<T>.Word);

    /// <summary>e of x = m·2ᵉ.</summary>
    internal static CodeMethod Exponent<T>() where T : unmanaged => CodeMethod.Of(Single<T>()
        ? """
        // e of a positive x = m·2ᵉ with m from √½ to √2.
        static float Exponent(float x) => (float)(BitConverter.SingleToUInt32Bits(x) + (0x3f800000 - 0x3f3504f3) >> 23) - 127;
        """
        : """
        // e of a positive x = m·2ᵉ with m from √½ to √2.
        static double Exponent(double x) =>
            (double)(BitConverter.DoubleToUInt64Bits(x) + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd) >> 52) - 1023;
        """, Code<T>.Word);

    private static bool Single<T>() where T : unmanaged => typeof(T) == typeof(float);
}
