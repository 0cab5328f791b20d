using System.IO.Compression;

namespace Adjoint.Tests;

/// <summary>Bytes as they come in compressed files.</summary>
internal static class Packed
{
    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
