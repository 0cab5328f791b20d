namespace Adjoint.Distributed;

/// <summary>The types of values that processes send each other. The numbers travel: they are the same in all versions.</summary>
internal enum ElementKind
{
    Float32 = 1,
    Float64 = 2,
    Int8 = 3,
    UInt8 = 4,
    Int16 = 5,
    UInt16 = 6,
    Int32 = 7,
    UInt32 = 8,
    Int64 = 9,
    UInt64 = 10,
    Bool = 11,
}

/// <summary>Facts about them.</summary>
internal static class ElementKinds
{
    private static readonly Dictionary<Type, ElementKind> s_kinds = new()
    {
        [typeof(float)] = ElementKind.Float32,
        [typeof(double)] = ElementKind.Float64,
        [typeof(sbyte)] = ElementKind.Int8,
        [typeof(byte)] = ElementKind.UInt8,
        [typeof(short)] = ElementKind.Int16,
        [typeof(ushort)] = ElementKind.UInt16,
        [typeof(int)] = ElementKind.Int32,
        [typeof(uint)] = ElementKind.UInt32,
        [typeof(long)] = ElementKind.Int64,
        [typeof(ulong)] = ElementKind.UInt64,
        [typeof(bool)] = ElementKind.Bool,
    };

    /// <summary>That of a C# type.</summary>
    /// <exception cref="DTypeException">Values of that type are not sent.</exception>
    internal static ElementKind Of<T>(string operation) where T : unmanaged => OfType<T>.Kind
        ?? throw new DTypeException(
            $"{operation}<{typeof(T).Name}>: float, double, bool and whole numbers up to 64 bits can be sent between processes, but not "
            + $"{typeof(T).Name}.");

    /// <summary>That of the elements of a tensor.</summary>
    internal static ElementKind Of(DType dtype) => s_kinds[dtype.Row.Element];

    internal static bool IsFloatingPoint(this ElementKind kind) => kind is ElementKind.Float32 or ElementKind.Float64;

    /// <summary>Throws where values of the kind cannot be reduced so.</summary>
    /// <exception cref="DTypeException">They cannot.</exception>
    internal static void Check(this ElementKind kind, ReduceOp op, string operation)
    {
        if (!Enum.IsDefined(op)) throw new ArgumentOutOfRangeException(nameof(op), op, $"{operation}: op is no ReduceOp.");
        bool bits = op is ReduceOp.BAnd or ReduceOp.BOr or ReduceOp.BXor;
        if (kind == ElementKind.Bool && op is not (ReduceOp.Min or ReduceOp.Max) && !bits)
            throw new DTypeException($"{operation}: truth values have no {op}. Use Max (any is true) or Min (all are true).");
        if (op == ReduceOp.Avg && !kind.IsFloatingPoint())
            throw new DTypeException($"{operation}: only values of floating point have an average, but these are {kind}. Use Sum.");
        if (bits && kind.IsFloatingPoint())
            throw new DTypeException($"{operation}: {op} is for whole numbers, but these are {kind}.");
    }

    private static class OfType<T>
    {
        internal static readonly ElementKind? Kind = s_kinds.TryGetValue(typeof(T), out ElementKind kind) ? kind : null;
    }
}
