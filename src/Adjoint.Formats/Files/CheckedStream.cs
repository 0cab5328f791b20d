using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>A file of a zip archive, read once from the first to the last byte; where it ends, its check sum must be right.</summary>
/// <remarks>.NET 10 does not look at the sums of what it reads. One of 0 was not computed: PyTorch can be told to save so.</remarks>
internal sealed class CheckedStream(Stream inner, ZipArchiveEntry entry, string file) : Stream
{
    private uint _crc;
    private long _count;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        if (entry.Crc32 == 0) return count;
        _crc = Crc32.Append(_crc, buffer[..count]);
        _count += count;
        if (_count == entry.Length && count > 0 && _crc != entry.Crc32)
            throw new DataFormatException(
                $"{file}/{entry.FullName}", _count, $"the entry is damaged: its check sum is {_crc:x8} and should be {entry.Crc32:x8}.");
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => entry.Length;

    /// <inheritdoc/>
    public override long Position { get => _count; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
