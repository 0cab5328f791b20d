using Microsoft.Win32.SafeHandles;

namespace Adjoint.Formats;

/// <summary>Reads the elements of tensors from a stream, straight into their memory where they lie there as in the file.</summary>
/// <param name="stream">Where from.</param>
/// <param name="file">Its name in errors.</param>
/// <param name="isBigEndian">Whether elements begin with their highest byte.</param>
internal sealed class ElementReader(Stream stream, string file, bool isBigEndian = false)
{
    /// <summary>PyTorch allows as many.</summary>
    internal const int MostDims = 64;

    /// <summary>Reads a tensor whose elements come next.</summary>
    /// <param name="type">How they lie.</param>
    /// <param name="sizes">The shape.</param>
    /// <param name="what">What it is called in errors: <c>tensor 'x'</c>.</param>
    /// <param name="at">The byte of the file at which they begin, for errors.</param>
    /// <exception cref="DataFormatException">There are fewer, the shape is too large, or an element is none of its type.</exception>
    internal Tensor Read(StoredType type, ReadOnlySpan<long> sizes, string what, long at)
    {
        Tensor x = Tensor.Empty(ShapeOf(type, sizes, what, at), type.DType);
        ReadInto(x, type, what, at);
        return x;
    }

    /// <summary>Reads the elements of a contiguous tensor.</summary>
    /// <inheritdoc cref="Read"/>
    internal void ReadInto(Tensor x, StoredType type, string what, long at)
    {
        CheckOrder();
        using var memory = new Loan();
        // A class that is derived from FileStream may give other bytes than its file has.
        SafeFileHandle? handle = stream.GetType() == typeof(FileStream) && stream.CanSeek ? ((FileStream)stream).SafeFileHandle : null;
        new ElementPieces(stream, handle, file, isBigEndian, type, what, at, memory.Bytes(x)).Read();
    }

    /// <summary>The bytes of elements in a file; −1 where no tensor has so many.</summary>
    internal static long CountBytes(StoredType type, ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            if (size is < 0 or > int.MaxValue) return -1;
            // No tensor has a shape whose other sizes are too large, even if one is 0.
            count *= Math.Max(1, size);
            if (count * Math.Max(type.Size, type.DType.Size) > int.MaxValue) return -1;
        }
        return sizes.Contains(0) ? 0 : count * type.Size;
    }

    /// <summary>The shape of a tensor in a file.</summary>
    /// <exception cref="DataFormatException">No tensor has such.</exception>
    private Shape ShapeOf(StoredType type, ReadOnlySpan<long> sizes, string what, long at)
    {
        if (sizes.Length > MostDims)
            throw new DataFormatException(
                file, at, $"{what} has {sizes.Length} dimensions; at most {MostDims} can be loaded.");
        if (CountBytes(type, sizes) < 0)
            throw new DataFormatException(
                file, at, $"{what} of shape [{string.Join(", ", sizes.ToArray())}] is too large; at most 2 GiB can be loaded.");
        int[] dims = new int[sizes.Length];
        for (int i = 0; i < dims.Length; i++) dims[i] = (int)sizes[i];
        return Shape.Of(dims);
    }

    /// <summary>Elements go as they lie, and most files are little-endian, as is every machine .NET 10 runs on but one (s390x).</summary>
    /// <exception cref="PlatformNotSupportedException">This is that one.</exception>
    internal static void CheckOrder()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Files of tensors are read and written on little-endian machines only.");
    }
}
