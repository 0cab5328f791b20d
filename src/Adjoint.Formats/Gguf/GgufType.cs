using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>How elements lie in a GGUF file that are packed in blocks with a common scale.</summary>
/// <param name="Number">Its number (<c>ggml_type</c>).</param>
/// <param name="Name">Its name: <c>Q4_0</c>.</param>
/// <param name="Count">The elements of a block.</param>
/// <param name="Size">The bytes of a block.</param>
/// <param name="Unpack">Makes the elements of one block.</param>
/// <remarks>Source: the block formats of ggml, as documented by <c>gguf-py</c>.</remarks>
internal sealed record GgufType(uint Number, string Name, int Count, int Size, GgufType.Unpacking Unpack)
{
    private static readonly GgufType[] s_rows =
    [
        new(2, "Q4_0", 32, 18, (x, y) => Halves(x, y, x[2..], 0, Half(x), -8 * Half(x))),
        new(3, "Q4_1", 32, 20, (x, y) => Halves(x, y, x[4..], 0, Half(x), Half(x[2..]))),
        new(6, "Q5_0", 32, 22, (x, y) => Halves(x, y, x[6..], BinaryPrimitives.ReadUInt32LittleEndian(x[2..]), Half(x), -16 * Half(x))),
        new(7, "Q5_1", 32, 24, (x, y) => Halves(x, y, x[8..], BinaryPrimitives.ReadUInt32LittleEndian(x[4..]), Half(x), Half(x[2..]))),
        new(8, "Q8_0", 32, 34, Eight),
        new(10, "Q2_K", 256, 84, GgufSuperBlocks.Two),
        new(11, "Q3_K", 256, 110, GgufSuperBlocks.Three),
        new(12, "Q4_K", 256, 144, GgufSuperBlocks.Four),
        new(13, "Q5_K", 256, 176, GgufSuperBlocks.Five),
        new(14, "Q6_K", 256, 210, GgufSuperBlocks.Six),
    ];

    /// <summary>Makes the elements of a block.</summary>
    internal delegate void Unpacking(ReadOnlySpan<byte> block, Span<float> elements);

    internal static IReadOnlyList<GgufType> Rows => s_rows;

    /// <summary>The type of a number; null for one that is not packed, or not read.</summary>
    internal static GgufType? Of(uint number) => Array.Find(s_rows, row => row.Number == number);

    /// <summary>The number of sixteen bits that bytes begin with.</summary>
    internal static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    // Four bits of each element in the halves of bytes, the first sixteen in the lower ones; a fifth in a number of its own.
    private static void Halves(ReadOnlySpan<byte> block, Span<float> y, ReadOnlySpan<byte> bits, uint fifth, float scale, float shift)
    {
        for (int i = 0; i < 16; i++)
        {
            y[i] = ((bits[i] & 15) | (int)(fifth >> i & 1) << 4) * scale + shift;
            y[i + 16] = (bits[i] >> 4 | (int)(fifth >> (i + 16) & 1) << 4) * scale + shift;
        }
    }

    private static void Eight(ReadOnlySpan<byte> block, Span<float> y)
    {
        float scale = Half(block);
        for (int i = 0; i < y.Length; i++) y[i] = (sbyte)block[i + 2] * scale;
    }
}
