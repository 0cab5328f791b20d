namespace Adjoint.Kernels;

/// <summary>
/// A guard for tests: with <c>ADJOINT_POISON=1</c> in the environment memory that came back is filled with NaN, and whoever borrows
/// memory must have the lease. A tensor that is read or written after its memory went to another then gives a wrong result at once.
/// </summary>
internal static class Poison
{
    /// <summary>Every byte of it: a NaN as float and as double, −1 as a whole number.</summary>
    internal const byte Byte = 0xFF;

    /// <summary>Constant for the JIT: without the variable there is no trace of it in the code.</summary>
    internal static readonly bool IsOn = Environment.GetEnvironmentVariable("ADJOINT_POISON") == "1";
}
