namespace Adjoint.Kernels;

/// <summary>How an operand of <see cref="Gemm"/> is multiplied.</summary>
internal enum Trans
{
    /// <summary>As it is stored.</summary>
    No,

    /// <summary>Transposed; the transposed matrix is never made as a whole.</summary>
    Yes,
}
