namespace Adjoint;

/// <summary>
/// The words of generic formulas: with them one writes <c>x.Log() + x * x.Sin()</c> over any <see cref="IAlgebra{V}"/>.
/// Each word stands in the file of its operation.
/// </summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static partial class AlgebraWords
{
}
