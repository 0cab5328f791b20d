using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·ln y, element by element, with broadcasting; 0 where x = 0 and y is not NaN.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Xlogy(Tensor other) => Binary.Apply(new XlogyOp(), this, other.Given());

    /// <summary>x = xlogy(x, y), in place.</summary>
    /// <inheritdoc cref="Xlogy"/>
    public Tensor XlogyInPlace(Tensor other) => Binary.ApplyInPlace(new XlogyOp(), this, other.Given());
}

/// <summary>z = x·ln y, 0 for x = 0,   ∂z/∂x = ln y, 0 for x = 0 ≥ y,   ∂z/∂y = x/y.</summary>
internal readonly struct XlogyOp : IBinaryPrimitive
{
    public static string Name => "xlogy";
    public static OpInfo Info => new()
    {
        Formula = "if(x = 0, if(y = y, 0, y), x*ln(y))",
        Torch = "torch.xlogy(x, y)",
        FormulaNames = ["xlogy"],
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain DomainY => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<XlogyOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.IsFormula ? SlopeXToRead(x, y)
        : V.Inlined<LogOp>(V.IfEqual(x, V.Constant(0), V.IfLess(V.Constant(0), y, y, V.IfEqual(y, y, V.Constant(1), y)), y));

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V SlopeXToRead<V>(V x, V y) where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), V.IfLess(V.Constant(0), y, y.Log(), V.IfEqual(y, y, V.Constant(0), y)), y.Log());

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => x / y;
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfEqual(x, R.Constant(0), R.IfEqual(y, y, R.Constant(0), y), x * Registers.Log<R, T>(y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·ln y, 0 for x = 0.</summary>
        public V Xlogy(V y) => V.Apply<XlogyOp>(x, y);
    }
}

public static partial class Special
{
    /// <summary>x·ln y, 0 where x is: torch.special.xlogy, <see cref="Tensor.Xlogy(Tensor)"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Xlogy(Tensor x, Tensor other) => x.Given().Xlogy(other.Given());
}
