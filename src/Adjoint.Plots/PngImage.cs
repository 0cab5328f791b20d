using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Adjoint.Plots;

/// <summary>Encodes small images as PNG (ISO/IEC 15948): eight bits a number, no filter, one data chunk.</summary>
internal static class PngImage
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    private const byte TrueColour = 2;

    /// <summary>The image as a PNG file: grey, or red, green and blue of each pixel.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels = 1)
    {
        if (width < 1 || height < 1 || pixels.Length != width * height * channels)
            throw new ArgumentException(
                $"An image of {width}×{height} has {width * height * channels} numbers, but {pixels.Length} were given.");
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;      // bits of a pixel; what follows is 0: grey, deflate, the standard filters, not interlaced
        if (channels == 3) header[9] = TrueColour;
        WriteChunk(png, "IHDR", header);

        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize))
        {
            for (int row = 0; row < height; row++)
            {
                deflate.WriteByte(0);       // every row begins with its filter: none
                deflate.Write(pixels.Slice(row * width * channels, width * channels));
            }
        }
        WriteChunk(png, "IDAT", data.ToArray());
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>The image as a <c>data:</c> address, to stand in a page.</summary>
    public static string DataUri(ReadOnlySpan<byte> pixels, int width, int height) =>
        "data:image/png;base64," + Convert.ToBase64String(Encode(pixels, width, height));

    private static void WriteChunk(Stream png, string type, byte[] content)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(type), .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(chunk));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = CrcTable[(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xedb88320 ^ c >> 1 : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
