using System.Buffers.Binary;
using System.IO.Compression;
using Adjoint.Plots;

namespace Adjoint.Tests.Plots;

public class PngImageTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(28, 28)]
    [InlineData(3, 200)]
    public void A_decoder_finds_the_pixels(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        new System.Random(1).NextBytes(pixels);
        List<(string Type, byte[] Content)> chunks = Decode(PngImage.Encode(pixels, width, height));
        chunks.Select(chunk => chunk.Type).ShouldBe(["IHDR", "IDAT", "IEND"]);
        byte[] header = chunks[0].Content;
        (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))).ShouldBe((width, height));
        header[8..].ShouldBe([8, 0, 0, 0, 0]);

        using var data = new MemoryStream();
        new ZLibStream(new MemoryStream(chunks[1].Content), CompressionMode.Decompress).CopyTo(data);
        byte[][] rows = [.. data.ToArray().Chunk(width + 1)];
        rows.ShouldAllBe(row => row[0] == 0);
        rows.SelectMany(row => row[1..]).ShouldBe(pixels);
    }

    [Fact]
    public void A_wrong_size_is_an_error() =>
        Should.Throw<ArgumentException>(() => PngImage.Encode(new byte[5], 2, 2)).Message.ShouldContain("2×2 has 4 numbers, but 5");

    private static List<(string, byte[])> Decode(byte[] png)
    {
        png[..8].ShouldBe([137, 80, 78, 71, 13, 10, 26, 10]);
        var chunks = new List<(string, byte[])>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            ReadOnlySpan<byte> body = png.AsSpan(at + 4, 4 + length);
            BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)).ShouldBe(Crc(body));
            chunks.Add((System.Text.Encoding.ASCII.GetString(body[..4]), body[4..].ToArray()));
            at += 12 + length;
        }
        return chunks;
    }

    /// <summary>CRC-32 bit by bit, as the PNG standard defines it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
