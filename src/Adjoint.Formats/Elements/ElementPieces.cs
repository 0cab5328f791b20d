using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Adjoint.Kernels;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Formats;

/// <summary>Elements on their way from a file to the memory of a tensor.</summary>
/// <remarks>
/// Note [A file is read in pieces]: memory that is new costs as much to touch as to fill, so several threads read a file, each piece
/// straight to where its elements belong. Nothing is mapped: a tensor would change with its file, and a file that is cut short would end
/// the process; a read that comes too short is an error with a name. What is no plain file is read in one piece, from the first byte to
/// the last.
/// </remarks>
/// <param name="stream">Where they are, at the first one.</param>
/// <param name="handle">The file, where the stream is one; null where it is not.</param>
/// <param name="file">Its name in errors.</param>
/// <param name="isBigEndian">Whether elements begin with their highest byte.</param>
/// <param name="type">How they lie.</param>
/// <param name="what">What the tensor is called in errors.</param>
/// <param name="at">The byte of the file at which they begin, for errors.</param>
/// <param name="to">The memory of the tensor.</param>
internal readonly ref struct ElementPieces(
    Stream stream, SafeFileHandle? handle, string file, bool isBigEndian, StoredType type, string what, long at, Span<byte> to)
    : IChunkBody
{
    // Elements of a piece: 2 MB of most. Of what is widened so many bytes are read at once.
    private const int Most = 1 << 19, ChunkBytes = 1 << 16;

    private readonly Span<byte> _to = to;
    private readonly long _start = handle is null ? 0 : stream.Position;

    private int Elements => _to.Length / type.DType.Size;

    /// <summary>Reads all, and leaves the stream behind the last one.</summary>
    internal void Read()
    {
        ElementPieces pieces = this;
        if (handle is null)
        {
            Read(0, Elements);
            return;
        }
        Threads.Run((int)(((long)Elements + Most - 1) / Most), ref pieces);
        stream.Position = _start + (long)Elements * type.Size;
    }

    /// <inheritdoc/>
    public void Run(int chunk) => Read(chunk * Most, Math.Min(Most, Elements - chunk * Most));

    private void Read(int first, int count)
    {
        Span<byte> bytes = _to.Slice(first * type.DType.Size, count * type.DType.Size);
        if (type.Widen is { } widen)
        {
            ReadWidened(bytes, widen, first, count);
            return;
        }
        Fill(bytes, first);
        if (type.DType.IsBool && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int wrong)
            throw new DataFormatException(
                file, At(first + wrong), $"{what} is {type.SafeTensors}, but element {first + wrong} is neither 0 nor 1.");
    }

    private void ReadWidened(Span<byte> bytes, StoredType.Widening widen, int first, int all)
    {
        byte[] chunk = new byte[Math.Min(ChunkBytes, all * type.Size)];
        for (int done = 0; done < all;)
        {
            int count = Math.Min(chunk.Length / type.Size, all - done);
            Span<byte> part = chunk.AsSpan(0, count * type.Size);
            Fill(part, first + done);
            try
            {
                widen(part, bytes.Slice(done * type.DType.Size, count * type.DType.Size));
            }
            catch (OverflowException e)
            {
                throw new DataFormatException(
                    file, At(first + done), $"{what} is {type.SafeTensors}, and an element of it is larger than {long.MaxValue}.", e);
            }
            done += count;
        }
    }

    private long At(int element) => at + (long)element * type.Size;

    // Of a file at the place of the element, of another stream wherever that is: there they come in order.
    private void Fill(Span<byte> bytes, int first)
    {
        int count = 0;
        try
        {
            if (handle is null) count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            else
                for (int read = -1; read != 0 && count < bytes.Length; count += read)
                    read = RandomAccess.Read(handle, bytes[count..], _start + (long)first * type.Size + count);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(file, At(first), $"the packed data of {what} is damaged.", e);
        }
        if (count < bytes.Length)
            throw new DataFormatException(file, At(first) + count, $"the file ends inside the data of {what}; it was cut short.");
        if (isBigEndian) Reverse(bytes, type.Size);
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2: ReverseAll(MemoryMarshal.Cast<byte, ushort>(bytes)); break;
            case 4:
                Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
        static void ReverseAll(Span<ushort> x) => BinaryPrimitives.ReverseEndianness(x, x);
    }
}
