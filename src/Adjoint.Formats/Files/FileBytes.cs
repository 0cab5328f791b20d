using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Adjoint.Formats;

/// <summary>Reads numbers and texts of a file that can seek; what it should hold and does not is an error at its byte.</summary>
/// <param name="stream">The file.</param>
/// <param name="file">Its name in errors.</param>
internal sealed class FileBytes(Stream stream, string file)
{
    // Numbers as text, and names.
    private const int LongestLine = 4096;

    private static readonly UTF8Encoding s_text = new(false, throwOnInvalidBytes: true);

    /// <summary>The file, at the place that was read up to.</summary>
    internal Stream Stream => stream;

    /// <summary>Where it is.</summary>
    internal long Position => stream.Position;

    /// <summary>The bytes that are left.</summary>
    internal long Left => stream.Length - stream.Position;

    internal byte Byte()
    {
        int one = stream.ReadByte();
        return one >= 0 ? (byte)one : throw Ends();
    }

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Few(stackalloc byte[2]));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Few(stackalloc byte[4]));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Few(stackalloc byte[4]));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Few(stackalloc byte[8]));

    /// <summary>A number of 64 bits that begins with its highest byte.</summary>
    internal double DoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Few(stackalloc byte[8]));

    /// <summary>So many bytes. A lie about their number takes no memory.</summary>
    internal byte[] Bytes(ulong count)
    {
        if (count > (ulong)Left) throw Ends();
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A text of so many bytes in UTF-8.</summary>
    internal string Text(ulong count)
    {
        byte[] bytes = Bytes(count);
        try
        {
            return s_text.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Error("a text is not UTF-8.", e);
        }
    }

    /// <summary>The text up to the end of the line, a character a byte.</summary>
    internal string Line()
    {
        var line = new StringBuilder();
        for (byte c = Byte(); c != '\n'; c = Byte())
        {
            if (line.Length == LongestLine) throw Error($"a line has over {LongestLine} characters.");
            line.Append((char)c);
        }
        return line.ToString();
    }

    /// <summary>A whole number as a line of text.</summary>
    internal long Number(string line) =>
        long.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value
        : throw Error($"'{line}' is no whole number of 64 bits.");

    /// <summary>A number of any length, seven bits in each byte, the lowest first: LEB128.</summary>
    internal long Packed()
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Byte();
            value |= (long)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw Error("a number has over 63 bits.");
    }

    internal DataFormatException Error(string problem, Exception? inner = null) => new(file, stream.Position, problem, inner);

    private DataFormatException Ends() => new(file, stream.Length, "the file was cut short.");

    private ReadOnlySpan<byte> Few(Span<byte> bytes) =>
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length ? throw Ends() : bytes;
}
