using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Adjoint.Formats;

/// <summary>The table of types that files hold.</summary>
internal static class StoredTypes
{
    // See Note [Every stored type has a dtype that holds it]. Where a dtype has the name, elements lie as in its tensors.
    private static readonly StoredType[] s_rows =
    [
        .. Array.ConvertAll(All(), row => DTypes.OfSafeTensors(row.SafeTensors) is { } own ? row with { DType = own, Widen = null } : row),
    ];

    private delegate T Reading<T>(ReadOnlySpan<byte> element);

    internal static IReadOnlyList<StoredType> Rows => s_rows;

    private static StoredType[] All() =>
    [
        new("F32", "f4", "FloatStorage", 4, DType.Float32) { TorchDType = "float32", TorchNumber = 6, GgmlNumber = 0 },
        new("F64", "f8", "DoubleStorage", 8, DType.Float64) { TorchDType = "float64", TorchNumber = 7, GgmlNumber = 28 },
        new("I32", "i4", "IntStorage", 4, DType.Int32) { TorchDType = "int32", TorchNumber = 3, GgmlNumber = 26 },
        new("I64", "i8", "LongStorage", 8, DType.Int64) { TorchDType = "int64", TorchNumber = 4, GgmlNumber = 27 },
        new("U8", "u1", "ByteStorage", 1, DType.UInt8) { TorchDType = "uint8", TorchNumber = 0 },
        new("BOOL", "b1", "BoolStorage", 1, DType.Bool) { TorchDType = "bool", TorchNumber = 11 },
        new("F16", "f2", "HalfStorage", 2, DType.Float32, Of<float>(2, x => (float)BinaryPrimitives.ReadHalfLittleEndian(x)))
        {
            TorchDType = "float16", TorchNumber = 5, GgmlNumber = 1,
        },
        new("BF16", null, "BFloat16Storage", 2, DType.Float32,
            Of<float>(2, x => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(x) << 16)))
        {
            TorchDType = "bfloat16", TorchNumber = 15, GgmlNumber = 30,
        },
        new("I8", "i1", "CharStorage", 1, DType.Int32, Of<int>(1, x => (sbyte)x[0]))
        {
            TorchDType = "int8", TorchNumber = 1, GgmlNumber = 24,
        },
        new("I16", "i2", "ShortStorage", 2, DType.Int32, Of<int>(2, x => BinaryPrimitives.ReadInt16LittleEndian(x)))
        {
            TorchDType = "int16", TorchNumber = 2, GgmlNumber = 25,
        },
        new("U16", "u2", null, 2, DType.Int32, Of<int>(2, x => BinaryPrimitives.ReadUInt16LittleEndian(x))) { TorchDType = "uint16" },
        new("U32", "u4", null, 4, DType.Int64, Of<long>(4, x => BinaryPrimitives.ReadUInt32LittleEndian(x))) { TorchDType = "uint32" },
        new("U64", "u8", null, 8, DType.Int64, Of<long>(8, x => checked((long)BinaryPrimitives.ReadUInt64LittleEndian(x))))
        {
            TorchDType = "uint64",
        },
        new("F8_E4M3", null, null, 1, DType.Float32, Of<float>(1, x => FourThree(x[0]))) { TorchDType = "float8_e4m3fn" },
        // The upper half of a number of sixteen bits.
        new("F8_E5M2", null, null, 1, DType.Float32, Of<float>(1, x => (float)BitConverter.UInt16BitsToHalf((ushort)(x[0] << 8))))
        {
            TorchDType = "float8_e5m2",
        },
        new("F8_E8M0", null, null, 1, DType.Float32, Of<float>(1, x => x[0] == byte.MaxValue ? float.NaN : MathF.ScaleB(1, x[0] - 127)))
        {
            TorchDType = "float8_e8m0fnu",
        },
    ];

    /// <summary>The type that tensors of a dtype are written as.</summary>
    internal static StoredType Of(DType dtype) => Array.Find(s_rows, row => row.DType == dtype && row.Widen is null)!;

    /// <summary>The type of a name in safetensors files; null for one that is not read.</summary>
    internal static StoredType? OfSafeTensors(string name) => Array.Find(s_rows, row => row.SafeTensors == name);

    /// <summary>The type of NumPy's letter and size; null for one that is not read.</summary>
    internal static StoredType? OfNumpy(string descr) => Array.Find(s_rows, row => row.Numpy == descr);

    /// <summary>The type of a storage of PyTorch; null for one that is not read.</summary>
    internal static StoredType? OfTorchStorage(string name) => Array.Find(s_rows, row => row.Torch == name);

    /// <summary>The type of a dtype of PyTorch; null for one that is not read.</summary>
    internal static StoredType? OfTorchDType(string name) => Array.Find(s_rows, row => row.TorchDType == name);

    /// <summary>The type of PyTorch's number; null for one that is not read.</summary>
    internal static StoredType? OfTorchNumber(long number) => Array.Find(s_rows, row => row.TorchNumber >= 0 && row.TorchNumber == number);

    /// <summary>The type of a number in GGUF files; null for one that is not read, or is packed in blocks.</summary>
    internal static StoredType? OfGgmlNumber(uint number) => Array.Find(s_rows, row => row.GgmlNumber >= 0 && row.GgmlNumber == number);

    private static StoredType.Widening Of<T>(int size, Reading<T> read) where T : unmanaged => (from, to) =>
    {
        Span<T> elements = MemoryMarshal.Cast<byte, T>(to);
        for (int i = 0; i < elements.Length; i++) elements[i] = read(from.Slice(i * size, size));
    };

    // Four bits of exponent and three of fraction, without infinities: the one pattern that is no number has all bits set.
    private static float FourThree(byte bits)
    {
        int exponent = bits >> 3 & 15, fraction = bits & 7;
        float size = (bits & 127) == 127 ? float.NaN
            : exponent == 0 ? MathF.ScaleB(fraction, -9) : MathF.ScaleB(8 + fraction, exponent - 10);
        return (bits & 128) != 0 ? -size : size;
    }
}
