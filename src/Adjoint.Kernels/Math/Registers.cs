namespace Adjoint;

/// <summary>
/// The elementary functions of every lane of a register, written once for float and double and for every width,
/// so that the tail of a loop computes the same bits as its body.
/// </summary>
internal static partial class Registers
{
}
