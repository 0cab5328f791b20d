using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// Reads IDX files, the format of MNIST: two zero bytes, the type of the elements, the number of dimensions, each
/// dimension as a big-endian 32-bit number, then the elements.
/// </summary>
/// <remarks>
/// Files may be packed with gzip, in one member or several (RFC 1952). No more memory is taken on the word of a header than a file of that
/// length can fill.
/// </remarks>
public static class IdxReader
{
    /// <summary>The most data that is read from one file: 1 GiB.</summary>
    public const long MaxBytes = 1L << 30;

    private const byte UnsignedByte = 0x08;

    /// <summary>Deflate's shortest code, two bits, stands for at most 258 bytes.</summary>
    private const long MostPacking = 1032;

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="DataFormatException">It is not an IDX file of unsigned bytes, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxArray Read(string path) => Read(path.Given(), null);

    /// <summary>
    /// Reads the file at <paramref name="path"/> if <paramref name="accept"/>, which sees the dimensions first, does not throw.
    /// </summary>
    internal static IdxArray Read(string path, Action<int[]>? accept)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, path, accept);
    }

    /// <summary>Reads the whole of <paramref name="stream"/>, which must be able to seek.</summary>
    /// <param name="stream">A plain or gzipped IDX file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="DataFormatException">It is not an IDX file of unsigned bytes, or is damaged.</exception>
    public static IdxArray Read(Stream stream, string name) => Read(stream.Given(), name.Given(), null);

    private static IdxArray Read(Stream stream, string name, Action<int[]>? accept)
    {
        long start = stream.Position;
        bool packed = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = start;
        long there = stream.Length - start;
        if (!packed) return ReadPlain(stream, there, name, accept);
        using var unpacked = new WholeGzipStream(stream);
        return ReadPlain(unpacked, Math.Min(there, MaxBytes) * MostPacking, name, accept);
    }

    private static IdxArray ReadPlain(Stream stream, long most, string name, Action<int[]>? accept)
    {
        long position = 0;
        Span<byte> magic = stackalloc byte[4];
        ReadHeader(stream, magic, ref position, name, "the magic number");
        if (magic[0] != 0 || magic[1] != 0)
            throw new DataFormatException(name, 0,
                $"not an IDX file: it should begin with two zero bytes, but begins with {magic[0]:x2} {magic[1]:x2}.");
        if (magic[2] != UnsignedByte)
            throw new DataFormatException(name, 2, $"the elements have type {magic[2]:x2}; only unsigned bytes (08) are read.");
        if (magic[3] == 0)
            throw new DataFormatException(name, 3, "the array has no dimensions; an IDX file has at least one.");

        int[] dims = new int[magic[3]];
        long total = 1;
        Span<byte> size = stackalloc byte[4];
        for (int i = 0; i < dims.Length; i++)
        {
            long at = position;
            ReadHeader(stream, size, ref position, name, $"dimension {i}");
            uint dim = BinaryPrimitives.ReadUInt32BigEndian(size);
            if (dim > MaxBytes)
                throw new DataFormatException(name, at, $"dimension {i} is {dim}, more than the {MaxBytes} bytes a file may hold.");
            dims[i] = (int)dim;
            total *= dim;          // no overflow: both were at most 2³⁰
            if (total > MaxBytes)
                throw new DataFormatException(name, at,
                    $"{string.Join("×", dims[..(i + 1)])} elements are more than the {MaxBytes} bytes a file may hold.");
        }
        accept?.Invoke(dims);
        return new IdxArray(dims, ReadData(stream, (int)total, most, position, name));
    }

    /// <param name="stream">What follows the header.</param>
    /// <param name="total">The bytes that are announced.</param>
    /// <param name="most">The bytes that there can be.</param>
    /// <param name="position">Where the data begins.</param>
    /// <param name="name">The file.</param>
    private static byte[] ReadData(Stream stream, int total, long most, long position, string name)
    {
        byte[] data = new byte[Math.Min(total, most)];
        int done = Fill(stream, data, position, name);
        if (done < total)
            throw new DataFormatException(name, position + done,
                $"the file ends after {done} of the {total} bytes of data its header announces.");
        Span<byte> extra = stackalloc byte[1];
        if (Fill(stream, extra, position + total, name) != 0)
            throw new DataFormatException(name, position + total,
                $"the file goes on after the {total} bytes of data its header announces.");
        return data;
    }

    private static void ReadHeader(Stream stream, Span<byte> bytes, ref long position, string name, string what)
    {
        int count = Fill(stream, bytes, position, name);
        if (count < bytes.Length) throw new DataFormatException(name, position + count, $"the file ends inside {what}.");
        position += count;
    }

    /// <summary>Reads until <paramref name="bytes"/> is full or the file ends; the count of bytes read.</summary>
    private static int Fill(Stream stream, Span<byte> bytes, long position, string name)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or WholeGzipStream.NotWholeException)
        {
            string problem = e is WholeGzipStream.NotWholeException ? e.Message : "the gzip data is damaged";
            throw new DataFormatException(name, position, $"{problem}; fetch the file again.", e);
        }
    }
}
