using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Adjoint.Formats;

/// <summary>Reads the arguments of a pickle's instructions.</summary>
/// <param name="stream">The pickle and what follows it; it can seek.</param>
/// <param name="file">Its name in errors.</param>
internal sealed class PickleBytes(Stream stream, string file)
{
    // Numbers as text, and names of Python.
    private const int LongestLine = 4096;

    /// <summary>Where it is.</summary>
    internal long Position => stream.Position;

    internal byte Byte()
    {
        int one = stream.ReadByte();
        return one >= 0 ? (byte)one : throw Ends();
    }

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Few(stackalloc byte[2]));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Few(stackalloc byte[4]));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Few(stackalloc byte[4]));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Few(stackalloc byte[8]));

    internal double Double() => BinaryPrimitives.ReadDoubleBigEndian(Few(stackalloc byte[8]));

    /// <summary>So many bytes, which must be there.</summary>
    internal byte[] Bytes(ulong count)
    {
        // A lie about a length takes no memory.
        if (count > (ulong)(stream.Length - stream.Position)) throw Ends();
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal string Text(ulong count)
    {
        byte[] bytes = Bytes(count);
        // Python's strings may hold half a character; no name of a tensor does.
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The text up to the end of the line.</summary>
    internal string Line()
    {
        var line = new StringBuilder();
        for (byte c = Byte(); c != '\n'; c = Byte())
        {
            if (line.Length == LongestLine) throw Error($"a line of over {LongestLine} characters is none of a pickle.");
            line.Append((char)c);
        }
        return line.ToString();
    }

    /// <summary>A number as text.</summary>
    internal long Number()
    {
        string line = Line();
        return long.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value
            : throw Error($"'{line}' is no whole number of 64 bits.");
    }

    internal DataFormatException Error(string problem, Exception? inner = null) => new(file, stream.Position, problem, inner);

    private DataFormatException Ends() => Error("the file ends inside its pickle; it was cut short.");

    private ReadOnlySpan<byte> Few(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Ends();
        return bytes;
    }
}
