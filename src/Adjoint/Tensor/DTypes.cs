namespace Adjoint;

/// <summary>Facts about each <see cref="DType"/>.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class DTypes
{
    // See Note [One row a dtype]. In the order of the enum.
    private static readonly DTypeRow[] s_rows =
    [
        new(DType.Float32, DTypeKind.Floating, typeof(float), "float", 4, "float32", "FloatTensor", "F32")
        {
            IsDefault = true, IsPixel = true, Largest = float.MaxValue, Smallest = float.Epsilon, Epsilon = 1.0 / (1 << 23),
            ShortLength = 1e-15,
        },
        new(DType.Float64, DTypeKind.Floating, typeof(double), "double", 8, "float64", "DoubleTensor", "F64")
        {
            IsPixel = true, Largest = double.MaxValue, Smallest = double.Epsilon, Epsilon = 1.0 / (1L << 52), ShortLength = 1e-140,
            Half = DType.Float32,
        },
        new(DType.Int32, DTypeKind.Whole, typeof(int), "int", 4, "int32", "IntTensor", "I32")
        {
            IsIndex = true, Least = int.MinValue, Most = int.MaxValue,
        },
        new(DType.Int64, DTypeKind.Whole, typeof(long), "long", 8, "int64", "LongTensor", "I64") { IsIndex = true, IsDefault = true },
        new(DType.UInt8, DTypeKind.Whole, typeof(byte), "byte", 1, "uint8", "ByteTensor", "U8")
        {
            IsMask = true, IsPixel = true, Least = byte.MinValue, Most = byte.MaxValue,
        },
        new(DType.Bool, DTypeKind.Truth, typeof(bool), "bool", 1, "bool", "BoolTensor", "BOOL")
        {
            IsMask = true, IsDefault = true, Least = 0, Most = 1,
        },
    ];

    // Asked at every operation, and so numbers: those of floating point come first, that of truth values last.
    private static readonly int s_floating = Array.FindLastIndex(s_rows, row => row.Kind == DTypeKind.Floating) + 1;
    private static readonly int s_truth = Array.FindIndex(s_rows, row => row.Kind == DTypeKind.Truth);

    extension(DType dtype)
    {
        /// <summary>Bytes an element takes.</summary>
        public int Size => dtype.Row.Size;

        /// <summary>Whether it is Float32 or Float64: only these can require grad.</summary>
        public bool IsFloatingPoint => (int)dtype < s_floating;

        /// <summary>PyTorch's name: <c>float32</c>, <c>int64</c>, <c>bool</c>.</summary>
        public string TorchName => dtype.Row.TorchName;

        /// <summary>Whether its elements are true or false.</summary>
        internal bool IsBool => (int)dtype == s_truth;

        /// <summary>All that is known of it.</summary>
        /// <exception cref="DTypeException">There is no such dtype.</exception>
        internal DTypeRow Row => (int)dtype < s_rows.Length ? s_rows[(int)dtype] : throw NoSuch(dtype);
    }

    /// <summary>The table.</summary>
    internal static IReadOnlyList<DTypeRow> Rows => s_rows;

    /// <summary>The dtype that holds elements of the C# type <typeparamref name="T"/>.</summary>
    /// <exception cref="DTypeException">There is none.</exception>
    public static DType Of<T>() where T : unmanaged => OfElement<T>.DType ?? throw NoneHolds(typeof(T));

    /// <summary>The dtype of a name in safetensors files, or null for one that no tensor has.</summary>
    internal static DType? OfSafeTensors(string name) => Array.Find(s_rows, row => row.SafeTensors == name)?.DType;

    /// <summary>The dtype that holds values of both, whatever they are: the rule for two tensors with dimensions.</summary>
    /// <remarks>
    /// The one of the higher kind, or the larger of a kind; of two that are as large as each other neither holds all of the other.
    /// </remarks>
    internal static DType Promote(DType a, DType b)
    {
        if (a == b) return a;
        DTypeRow x = a.Row, y = b.Row;
        if (x.Kind != y.Kind) return x.Kind > y.Kind ? a : b;
        if (x.Size != y.Size) return x.Size > y.Size ? a : b;
        return s_rows.Where(row => row.Kind == x.Kind && row.Size > x.Size).MinBy(row => row.Size)!.DType;
    }

    private static DTypeException NoneHolds(Type type) => new($"No tensor holds elements of type {type.Name}; "
        + $"use {string.Join(", ", s_rows[..^1].Select(row => row.CSharp))} or {s_rows[^1].CSharp}.");

    private static DTypeException NoSuch(DType dtype) =>
        new($"There is no dtype {(int)dtype}. The dtypes are {string.Join(", ", s_rows.Select(row => row.DType))}.");

    private static class OfElement<T>
    {
        internal static readonly DType? DType = Array.Find(s_rows, row => row.Element == typeof(T))?.DType;
    }
}
