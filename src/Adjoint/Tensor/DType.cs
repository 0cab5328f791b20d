namespace Adjoint;

/// <summary>The type of the elements of a <see cref="Tensor"/>.</summary>
// Those of floating point come first and that of truth values last. See Note [One row a dtype].
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
