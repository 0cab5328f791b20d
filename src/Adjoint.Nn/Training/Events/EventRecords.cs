using System.Buffers.Binary;
using System.Numerics;

namespace Adjoint.Training;

/// <summary>
/// The records of TensorFlow's files: the length and a masked CRC-32C of it, the bytes and a masked CRC-32C of them
/// (tensorflow/core/lib/io/record_writer.cc).
/// </summary>
internal static class EventRecords
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Writes a record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[12], footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc(header[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc(bytes));
        stream.Write(header);
        stream.Write(bytes);
        stream.Write(footer);
    }

    /// <summary>CRC-32C, turned so that a sum of bytes that hold a sum is no accident.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc(bytes);
        return BitOperations.RotateRight(crc, 15) + MaskDelta;
    }

    /// <summary>CRC-32C (Castagnoli).</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
