namespace Adjoint.Formats;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">The type of its elements in the format's own word: <c>F32</c>, <c>I64</c>, <c>BOOL</c>.</param>
/// <param name="Shape">The size of each dimension; none for a scalar.</param>
/// <param name="Offset">Where its data begins, counted from the first byte after the header.</param>
/// <param name="Length">The bytes of its data.</param>
public sealed record SafeTensorsEntry(string Name, string DType, long[] Shape, long Offset, long Length)
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = Name.Given();

    /// <summary>Its dtype as safetensors names it.</summary>
    public string DType { get; init; } = DType.Given();

    /// <summary>Its shape.</summary>
    public long[] Shape { get; init; } = Shape.Given();

    /// <summary>The bytes of one element of <paramref name="dtype"/>, or 0 if the format does not know it.</summary>
    public static int ElementSize(string dtype) => dtype.Given() switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" or "C64" => 8,
        _ => 0,
    };

    /// <summary>The bytes of a tensor, or −1 if they are too many to count or a size is negative.</summary>
    internal static long CountBytes(string dtype, ReadOnlySpan<long> shape)
    {
        if (shape.IndexOfAnyInRange(long.MinValue, -1) >= 0) return -1;
        if (shape.Contains(0)) return 0;
        long bytes = ElementSize(dtype);
        foreach (long size in shape)
            if (Math.BigMul(bytes, size, out bytes) != 0 || bytes < 0) return -1;
        return bytes;
    }
}
