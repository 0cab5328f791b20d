namespace Adjoint.Nn;

/// <summary>The functions behind the layers and losses, for <c>using static Adjoint.Nn.F</c>.</summary>
/// <remarks>
/// Each is declared beside its module. Those of plain activations are made with their modules, of what the operations say of themselves.
/// </remarks>
public static partial class F
{
}
