using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>A zip archive: one that somebody else has made, or a new one.</summary>
internal sealed class Archive : IDisposable
{
    /// <summary>Deflate's shortest code, two bits, stands for at most 258 bytes.</summary>
    private const long MostPacking = 1032;

    private readonly ZipArchive _zip;
    private readonly string _file;

    /// <summary>Opens it.</summary>
    /// <exception cref="DataFormatException">It is none, or is damaged.</exception>
    internal Archive(Stream stream, string file)
    {
        _file = file;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            Entries = _zip.Entries;
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(file, 0, "this is not a zip archive, or it is damaged.", e);
        }
    }

    /// <summary>The files in it.</summary>
    internal IReadOnlyList<ZipArchiveEntry> Entries { get; }

    /// <summary>Opens a file of it, whose check sum is looked at where it ends.</summary>
    /// <exception cref="DataFormatException">It is damaged, or packed in a way that is not known.</exception>
    internal Stream Open(ZipArchiveEntry entry)
    {
        try
        {
            return new CheckedStream(entry.Open(), entry, _file);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(_file, 0, $"the entry '{entry.FullName}' is damaged, or packed in a way that is not known.", e);
        }
    }

    /// <summary>So many bytes a file of it can have, whatever it claims.</summary>
    internal static long MostBytes(ZipArchiveEntry entry) =>
        Math.Min(entry.Length, entry.CompressedLength > long.MaxValue / MostPacking ? long.MaxValue : entry.CompressedLength * MostPacking);

    /// <summary>Makes a file in an archive that is written. The same content gives the same bytes, whenever it is written.</summary>
    internal static Stream Create(ZipArchive zip, string name, CompressionLevel level)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }

    public void Dispose() => _zip.Dispose();
}
