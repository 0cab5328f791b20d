using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Formats;

/// <summary>
/// The header of an array in NumPy's format: <c>\x93NUMPY</c>, two bytes of version, the length of the text, and the text, a Python
/// dictionary with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.
/// </summary>
/// <param name="Type">How elements lie.</param>
/// <param name="IsBigEndian">Whether they begin with their highest byte.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Sizes">The shape.</param>
/// <param name="Length">The bytes before the elements.</param>
/// <remarks>Source: NumPy Enhancement Proposal 1, versions 1.0 to 3.0.</remarks>
internal sealed record NpyHeader(StoredType Type, bool IsBigEndian, bool IsFortran, long[] Sizes, int Length)
{
    private const int VersionAt = 6;
    private const int MostText = 1 << 20;

    // The elements begin at a multiple of it.
    private const int Alignment = 64;

    /// <summary>Whether a file begins as one of NumPy.</summary>
    internal static bool Begins(ReadOnlySpan<byte> bytes) =>
        bytes.Length > VersionAt && bytes[0] == 0x93 && bytes[1..].StartsWith("NUMPY"u8);

    /// <summary>Reads it.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="file">Its name in errors.</param>
    /// <exception cref="DataFormatException">It is none, or of elements that cannot be read.</exception>
    internal static NpyHeader Read(Stream stream, string file)
    {
        Span<byte> start = stackalloc byte[VersionAt + 2];
        ReadExactly(stream, start, file, 0);
        if (!Begins(start)) throw new DataFormatException(file, 0, "a NumPy array begins with the bytes 93 'NUMPY'; this is not one.");
        byte version = start[VersionAt];
        if (version is < 1 or > 3)
            throw new DataFormatException(file, VersionAt, $"the array has version {version} of the format; 1, 2 and 3 are read.");
        Span<byte> length = stackalloc byte[version == 1 ? 2 : 4];
        ReadExactly(stream, length, file, start.Length);
        long count = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        int textAt = start.Length + length.Length;
        if (count > MostText)
            throw new DataFormatException(file, start.Length, $"the header claims {count} bytes; at most {MostText} are read.");
        byte[] text = new byte[count];
        ReadExactly(stream, text, file, textAt);
        try
        {
            return Of((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), file, textAt, textAt + (int)count);
        }
        catch (FormatException e)
        {
            throw new DataFormatException(file, textAt, $"the header is not what NumPy writes: {e.Message}", e);
        }
    }

    /// <summary>The header of a tensor that is written row by row.</summary>
    internal static byte[] Of(DType dtype, Shape shape)
    {
        StoredType type = StoredTypes.Of(dtype);
        string sizes = shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        string text = $"{{'descr': '{(type.Size == 1 ? '|' : '<')}{type.Numpy}', 'fortran_order': False, 'shape': {sizes}, }}";
        int before = VersionAt + 4, whole = (before + text.Length + Alignment) / Alignment * Alignment;
        byte[] bytes = new byte[whole];
        bytes.AsSpan().Fill((byte)' ');
        bytes[0] = 0x93;
        "NUMPY\u0001\0"u8.CopyTo(bytes.AsSpan(1));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(VersionAt + 2), (ushort)(whole - before));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(before));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static NpyHeader Of(string text, string file, long at, int length)
    {
        if (new PythonLiteral(text).Read() is not Dictionary<string, object> members || members.Count != 3
            || !members.TryGetValue("descr", out object? type) || !members.TryGetValue("fortran_order", out object? fortran)
            || fortran is not bool isFortran || !members.TryGetValue("shape", out object? shape) || shape is not List<object> sizes
            || !sizes.TrueForAll(size => size is long and >= 0))
            throw new FormatException("it must have 'descr', 'fortran_order' (True or False) and 'shape' (sizes)");
        if (type is not string descr || descr.Length < 3)
            throw new DataFormatException(file, at, "the array has fields or no type; only numbers and truth values are read.");
        if (descr[0] is not ('<' or '>' or '|' or '=') || StoredTypes.OfNumpy(descr[1..]) is not { } stored)
            throw new DataFormatException(file, at, $"the array has elements of type '{descr}'; "
                + $"{string.Join(", ", StoredTypes.Rows.Select(row => row.Numpy).OfType<string>())} are read.");
        return new NpyHeader(stored, descr[0] == '>', isFortran, [.. sizes.Cast<long>()], length);
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes, string file, long at)
    {
        int count;
        try
        {
            count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(file, at, "the packed data is damaged.", e);
        }
        if (count < bytes.Length) throw new DataFormatException(file, at + count, "the file ends inside the header of the array.");
    }
}
