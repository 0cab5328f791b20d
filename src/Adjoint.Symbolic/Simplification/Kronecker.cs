using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>
/// The product of two integer polynomials by one product of two huge integers: their values at 2ᵇ, with b so large that the
/// coefficients of the result do not overlap (Kronecker's substitution). Thousands of terms cost what the BCL's fast
/// multiplication costs.
/// </summary>
internal static class Kronecker
{
    public static BigInteger[] Multiply(BigInteger[] p, BigInteger[] q)
    {
        int bits = (int)(p.Max(c => BigInteger.Abs(c).GetBitLength()) + q.Max(c => BigInteger.Abs(c).GetBitLength()))
            + BitOperations.Log2((uint)Math.Min(p.Length, q.Length)) + 3;
        var product = new BigInteger[p.Length + q.Length - 1];
        Unpack(Pack(p, bits) * Pack(q, bits), product, bits);
        return product;
    }

    private static BigInteger Pack(ReadOnlySpan<BigInteger> coefficients, int bits)
    {
        if (coefficients.Length == 1) return coefficients[0];
        int half = coefficients.Length / 2;
        return Pack(coefficients[..half], bits) + (Pack(coefficients[half..], bits) << bits * half);
    }

    /// <summary>The lower half is a remainder between −½ and ½ of its range: that is where negative coefficients come back.</summary>
    private static void Unpack(BigInteger value, Span<BigInteger> coefficients, int bits)
    {
        if (coefficients.Length == 1)
        {
            coefficients[0] = value;
            return;
        }
        int half = coefficients.Length / 2, shift = bits * half;
        var high = (value + (BigInteger.One << shift - 1)) >> shift;
        Unpack(value - (high << shift), coefficients[..half], bits);
        Unpack(high, coefficients[half..], bits);
    }
}
