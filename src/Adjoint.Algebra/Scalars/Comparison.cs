namespace Adjoint;

/// <summary>A yes or no from an algebra of single numbers, which itself only knows how to select.</summary>
internal static class Comparison
{
    /// <summary>Whether the primal part of x is below that of y; false if either is NaN.</summary>
    public static bool Less<V>(V x, V y) where V : IAlgebra<V> =>
        !V.IsZero(V.IfLess(x, y, V.Constant(1), V.Constant(0)));

    /// <summary>Whether the primal parts of x and y are equal; false if either is NaN.</summary>
    public static bool Equal<V>(V x, V y) where V : IAlgebra<V> =>
        !V.IsZero(V.IfEqual(x, y, V.Constant(1), V.Constant(0)));
}
