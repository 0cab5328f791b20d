namespace Adjoint;

/// <summary>Truth values as the result of arithmetic: what is not 0 is true, and true is 1 in memory.</summary>
internal static class Truth
{
    /// <summary>
    /// Makes every byte of a contiguous Bool tensor 0 or 1: a sum of two trues would be 2, which compares unequal to true.
    /// </summary>
    internal static void Of(Tensor x)
    {
        using var memory = new Loan();
        Of(memory.Of<byte>(x));
    }

    private static void Of(Span<byte> values)
    {
        foreach (ref byte value in values) value = value != 0 ? (byte)1 : (byte)0;
    }
}
