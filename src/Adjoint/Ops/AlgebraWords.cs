namespace Adjoint;

/// <summary>
/// The words of generic formulas: with them one writes <c>x.Log() + x * x.Sin()</c> over any <see cref="IAlgebra{V}"/>.
/// Each word stands in the file of its operation.
/// </summary>
public static partial class AlgebraWords
{
}
