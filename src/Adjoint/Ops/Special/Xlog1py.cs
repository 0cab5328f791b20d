using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Special
{
    /// <summary>x·ln(1 + y), element by element, with broadcasting; 0 where x = 0 and y is not NaN: torch.special.xlog1py.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Xlog1py(Tensor x, Tensor other) => Binary.Apply(new Xlog1pyOp(), x.Given(), other.Given());
}

/// <summary>z = x·ln(1 + y), 0 for x = 0,   ∂z/∂x = ln(1 + y), 0 for x = 0 and y ≤ −1,   ∂z/∂y = x/(1 + y).</summary>
internal readonly struct Xlog1pyOp : IBinaryPrimitive
{
    public static string Name => "xlog1py";
    public static OpInfo Info => new()
    {
        Formula = "if(x = 0, if(y = y, 0, y), x*log1p(y))",
        Torch = "torch.special.xlog1py(x, y)",
        FormulaNames = ["xlog1py"],
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain DomainY => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<Xlog1pyOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.IsFormula ? SlopeXToRead(x, y)
        : V.Inlined<Log1pOp>(V.IfEqual(x, V.Constant(0), V.IfLess(V.Constant(-1), y, y, V.IfEqual(y, y, V.Constant(0), y)), y));

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V SlopeXToRead<V>(V x, V y) where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), V.IfLess(V.Constant(-1), y, y.Log1p(), V.IfEqual(y, y, V.Constant(0), y)), y.Log1p());

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => x / (y + 1);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.IfEqual(x, R.Constant(0), R.IfEqual(y, y, R.Constant(0), y), x * Registers.Log1p<R, T>(y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·ln(1 + y); 0 for x = 0.</summary>
        public V Xlog1py(V y) => V.Apply<Xlog1pyOp>(x, y);
    }
}
