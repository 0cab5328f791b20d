namespace Adjoint;
/// <summary>The elementary functions of every lane of a register.</summary>
internal static class Registers { public static R Exp<R,T>(R x) where R : struct, IRegister<R,T> where T : unmanaged => x; }
