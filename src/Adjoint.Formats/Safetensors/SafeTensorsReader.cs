using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// Reads a safetensors file: eight bytes with the length of the header, little-endian; the header, in JSON; the data.
/// The header is read and checked when the file is opened, the data of a tensor when it is asked for, by one thread or several.
/// </summary>
public sealed class SafeTensorsReader : IDisposable
{
    // Several threads may ask one reader.
    private readonly Lock _reading = new();
    private readonly Stream _stream;
    private readonly string _file;
    private readonly SafeTensorsHeader _header;
    private readonly long _dataAt;

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <exception cref="DataFormatException">It is not a safetensors file, or is damaged.</exception>
    public SafeTensorsReader(string path) : this(InputFile.Open(path.Given()), path) { }

    /// <summary>Reads from <paramref name="stream"/>, which must be able to seek and will be closed with the reader.</summary>
    /// <param name="stream">The file's content, to the end.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="DataFormatException">It is not a safetensors file, or is damaged.</exception>
    public SafeTensorsReader(Stream stream, string name)
    {
        stream.Given();
        name.Given();
        (_stream, _file) = (stream, name);
        try
        {
            long available = stream.Length - stream.Position - SafeTensorsHeader.JsonAt;
            if (available < 0)
                throw new DataFormatException(
                    name, stream.Length, $"a safetensors file has at least {SafeTensorsHeader.JsonAt} bytes; this is not one.");
            Span<byte> prefix = stackalloc byte[SafeTensorsHeader.JsonAt];
            stream.ReadExactly(prefix);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > SafeTensorsHeader.MaxLength)
                throw new DataFormatException(
                    name, 0,
                    $"the header claims {length} bytes; at most {SafeTensorsHeader.MaxLength} are read. This is not a safetensors file.");
            if ((long)length > available)
                throw new DataFormatException(name, 0, $"the header claims {length} bytes, but the file has only {available} more.");
            byte[] json = new byte[length];
            stream.ReadExactly(json);
            _dataAt = stream.Position;
            _header = SafeTensorsHeader.Parse(json, available - (long)length, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries => _header.Entries;

    /// <summary>The strings the file was saved with.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Where the data of <paramref name="entry"/> begins, counted from the first byte of the file.</summary>
    public long PositionOf(SafeTensorsEntry entry) => _dataAt + entry.Offset;

    /// <summary>Reads the data of <paramref name="entry"/> into <paramref name="data"/>, which must be as long as the entry says.</summary>
    /// <exception cref="ArgumentException"><paramref name="data"/> has another length.</exception>
    /// <exception cref="DataFormatException">The file has become shorter since it was opened.</exception>
    public void Read(SafeTensorsEntry entry, Span<byte> data)
    {
        if (data.Length != entry.Length)
            throw new ArgumentException(
                $"Tensor '{entry.Name}' has {entry.Length} bytes, but room for {data.Length} was given.", nameof(data));
        int count;
        lock (_reading)
        {
            _stream.Position = PositionOf(entry);
            count = _stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        }
        if (count < data.Length)
            throw new DataFormatException(
                _file, PositionOf(entry) + count,
                $"the file ends inside the data of tensor '{entry.Name}'; it was cut short while it was open.");
    }

    /// <summary>Loads the tensor of <paramref name="entry"/>, whose elements lie so.</summary>
    internal Tensor Load(SafeTensorsEntry entry, StoredType type, string file)
    {
        lock (_reading)
        {
            _stream.Position = PositionOf(entry);
            return new ElementReader(_stream, file).Read(type, entry.Shape, $"tensor '{entry.Name}'", PositionOf(entry));
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
