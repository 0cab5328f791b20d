using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>
/// Unpacks gzip data of one member or several (RFC 1952), and insists on its end. .NET's <see cref="GZipStream"/> verifies the check
/// sum of each member, but takes data that was cut short for whole, and leaves unread what follows that is no member.
/// </summary>
internal sealed class WholeGzipStream(Stream packed) : Stream
{
    // Note [A member of our own at the end]: behind the file's data comes one more member, which holds one known byte. When all was whole
    // and nothing else followed, that byte is the last to be unpacked. When something is missing, ours is taken for the rest of the
    // member before it, whose check sum is then wrong; when something was added, unpacking stops before it reaches ours.
    private const byte Last = 0x5A;

    private static readonly byte[] OwnMember = Member();

    private readonly GZipStream _unpacked =
        new(new Concatenation(packed, new MemoryStream(OwnMember, writable: false)), CompressionMode.Decompress);
    private int _held = NotStarted;

    private const int NotStarted = -2, Ended = -1;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _held == Ended) return 0;
        if (_held == NotStarted) _held = _unpacked.ReadByte() is >= 0 and int first ? first : throw new NotWholeException();
        int count = _unpacked.Read(buffer);
        if (count == 0)
        {
            if (_held != Last) throw new NotWholeException();
            _held = Ended;
            return 0;
        }
        // Always one byte behind, so that the last one is never given out.
        byte last = buffer[count - 1];
        buffer[..(count - 1)].CopyTo(buffer[1..]);
        (buffer[0], _held) = ((byte)_held, last);
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Member()
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest, leaveOpen: true)) gzip.WriteByte(Last);
        return member.ToArray();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The data does not end as gzip data does.</summary>
    public sealed class NotWholeException() : IOException(
        "the gzip data does not end as it should: it was cut short, or something was added");
}
