using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(max(x, a), b), element by element; the gradient passes on the bounds and between them.</summary>
    /// <param name="min">a; null for no lower bound.</param>
    /// <param name="max">b; null for no upper bound.</param>
    /// <exception cref="ArgumentException">Both bounds are null.</exception>
    public Tensor Clamp(double? min = null, double? max = null) => min is null && max is null
        ? throw new ArgumentException("Clamp: both bounds are null; give min, max or both.")
        : Unary.Apply(new ClampOp(min ?? double.NegativeInfinity, max ?? double.PositiveInfinity), Promotion.WithNumbers(this, min, max));
}

/// <summary>y = min(max(x, a), b),   dy/dx = 1 for a ≤ x ≤ b, else 0.</summary>
internal readonly struct ClampOp(double min, double max) : IUnaryOp
{
    public static string Name => "clamp";
    public static int Overload => 1;
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(-1, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Upper<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(max), x, V.Constant(max), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => Upper(V.IfLess(x, V.Constant(min), V.Constant(min), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(x, V.Constant(min), V.Constant(0), V.IfLess(V.Constant(max), x, V.Constant(0), V.IfEqual(x, x, V.Constant(1), V.Constant(0))));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(max(x, a), b).</summary>
        public V Clamp(double? min = null, double? max = null) => V.Apply(new ClampOp(min ?? double.NegativeInfinity, max ?? double.PositiveInfinity), x);
    }
}
