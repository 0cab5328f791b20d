namespace Adjoint;

/// <summary>The type of the elements of a <see cref="Tensor"/>.</summary>
public enum DType : byte
{
    /// <summary>IEEE 754 single precision, the default.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,

    /// <summary>Signed 32-bit integers.</summary>
    Int32,

    /// <summary>Signed 64-bit integers, the type of indices.</summary>
    Int64,

    /// <summary>Unsigned 8-bit integers.</summary>
    UInt8,

    /// <summary>True or false, one byte each.</summary>
    Bool,
}

/// <summary>Facts about each <see cref="DType"/>.</summary>
public static class DTypes
{
    extension(DType dtype)
    {
        /// <summary>Bytes an element takes.</summary>
        public int Size => dtype switch
        {
            DType.Float32 or DType.Int32 => 4,
            DType.Float64 or DType.Int64 => 8,
            _ => 1,
        };

        /// <summary>Whether it is Float32 or Float64: only these can require grad.</summary>
        public bool IsFloatingPoint => dtype <= DType.Float64;

        /// <summary>PyTorch's name: <c>float32</c>, <c>int64</c>, <c>bool</c>.</summary>
        public string TorchName => dtype switch
        {
            DType.Float32 => "float32",
            DType.Float64 => "float64",
            DType.Int32 => "int32",
            DType.Int64 => "int64",
            DType.UInt8 => "uint8",
            _ => "bool",
        };

        /// <summary>Bool, integer, floating point: a number operand raises a tensor's dtype only across these categories.</summary>
        internal int Category => dtype switch { DType.Bool => 0, DType.Float32 or DType.Float64 => 2, _ => 1 };
    }

    /// <summary>The dtype that holds elements of the C# type <typeparamref name="T"/>.</summary>
    /// <exception cref="DTypeException">There is none.</exception>
    public static DType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        throw new DTypeException($"No tensor holds elements of type {typeof(T).Name}; use float, double, int, long, byte or bool.");
    }

    /// <summary>The dtype that holds values of both, whatever they are: the rule for two tensors with dimensions.</summary>
    internal static DType Promote(DType a, DType b)
    {
        if (a == b) return a;
        if (a == DType.Bool) return b;
        if (b == DType.Bool) return a;
        if (a.IsFloatingPoint || b.IsFloatingPoint)
            return a == DType.Float64 || b == DType.Float64 ? DType.Float64 : DType.Float32;
        if (a == DType.Int64 || b == DType.Int64) return DType.Int64;
        return DType.Int32;
    }
}
