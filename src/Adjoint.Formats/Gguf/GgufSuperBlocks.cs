using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// Blocks of 256 elements, whose parts have scales (and smallest values) of few bits, which themselves have a common scale.
/// </summary>
/// <remarks>Source: the K-quantizations of ggml.</remarks>
internal static class GgufSuperBlocks
{
    private const int Count = 256;

    /// <summary>Two bits: sixteen bytes of scales and smallest values, 64 of bits, two common scales.</summary>
    internal static void Two(ReadOnlySpan<byte> block, Span<float> y)
    {
        ReadOnlySpan<byte> scales = block[..16], bits = block.Slice(16, 64);
        float scale = GgufType.Half(block[80..]), least = GgufType.Half(block[82..]);
        for (int i = 0; i < Count; i++)
        {
            // Parts of sixteen; 32 elements after 32 lie in the same bytes, two bits further.
            byte part = scales[i / 16];
            int value = bits[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            y[i] = scale * (part & 15) * value - least * (part >> 4);
        }
    }

    /// <summary>Three bits: 32 bytes of the highest bit, 64 of the other two, twelve of scales, a common scale.</summary>
    internal static void Three(ReadOnlySpan<byte> block, Span<float> y)
    {
        ReadOnlySpan<byte> high = block[..32], bits = block.Slice(32, 64), packed = block.Slice(96, 12);
        float scale = GgufType.Half(block[108..]);
        for (int i = 0; i < Count; i++)
        {
            int part = i / 16;
            // Six bits: four in the halves of eight bytes, two in the quarters of the last four.
            int six = (part < 8 ? packed[part] & 15 : packed[part - 8] >> 4) | (packed[8 + part % 4] >> (part / 4 * 2) & 3) << 4;
            int value = bits[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            if ((high[i % 32] >> (i / 32) & 1) == 0) value -= 4;
            y[i] = scale * (six - 32) * value;
        }
    }

    /// <summary>Four bits: two common scales, twelve bytes of scales and smallest values, 128 of bits.</summary>
    internal static void Four(ReadOnlySpan<byte> block, Span<float> y) => FourOrFive(block, [], block[16..], y);

    /// <summary>Five bits: as <see cref="Four"/>, with 32 bytes of the highest bit before the others.</summary>
    internal static void Five(ReadOnlySpan<byte> block, Span<float> y) => FourOrFive(block, block.Slice(16, 32), block[48..], y);

    /// <summary>Six bits: 128 bytes of the lower four, 64 of the upper two, sixteen scales with a sign, a common scale.</summary>
    internal static void Six(ReadOnlySpan<byte> block, Span<float> y)
    {
        ReadOnlySpan<byte> low = block[..128], high = block.Slice(128, 64), scales = block.Slice(192, 16);
        float scale = GgufType.Half(block[208..]);
        for (int i = 0; i < Count; i++)
        {
            int half = i / 128, quarter = i % 128 / 32, at = i % 32;
            // The first two quarters of a half are the lower bits of its 64 bytes, the other two the upper ones.
            int four = low[half * 64 + quarter % 2 * 32 + at] >> (quarter / 2 * 4) & 15;
            int value = (four | (high[half * 32 + at] >> (quarter * 2) & 3) << 4) - 32;
            y[i] = scale * (sbyte)scales[i / 16] * value;
        }
    }

    private static void FourOrFive(ReadOnlySpan<byte> block, ReadOnlySpan<byte> fifth, ReadOnlySpan<byte> bits, Span<float> y)
    {
        float scale = GgufType.Half(block), least = GgufType.Half(block[2..]);
        ReadOnlySpan<byte> packed = block.Slice(4, 12);
        for (int i = 0; i < Count; i++)
        {
            int part = i / 32;
            // Six bits each: those of the first four parts are whole; of the others the upper two are what these left of their bytes.
            int factor = part < 4 ? packed[part] & 63 : packed[part + 4] & 15 | packed[part - 4] >> 6 << 4;
            int start = part < 4 ? packed[part + 4] & 63 : packed[part + 4] >> 4 | packed[part] >> 6 << 4;
            int value = bits[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15;
            if (fifth.Length > 0) value |= (fifth[i % 32] >> part & 1) << 4;
            y[i] = scale * factor * value - least * start;
        }
    }
}
