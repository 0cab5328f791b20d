using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The larger of two elements, with broadcasting; if one is NaN, the other.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Fmax(Tensor other) => Binary.Apply(new FmaxOp(), this, other.Given());
}

/// <summary>z = max(x, y), the other one if one is NaN,   ∂z/∂x = 1 where z is x, else 0,   ∂z/∂y = 1 − ∂z/∂x.</summary>
internal readonly struct FmaxOp : IBinaryPrimitive
{
    public static string Name => "fmax";
    public static OpInfo Info => new()
    {
        Formula = "if(x < y, y, if(x = x, x, y))",
        Torch = "torch.fmax(x, y)",
        FormulaNames = ["fmax"],
        Facts = OpFacts.Total | OpFacts.PassesOverNaN,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(0, 3);
    public static Domain DomainY => new(-3, 0);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<FmaxOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(x, y, V.Constant(0), V.IfEqual(x, x, V.Constant(1), V.Constant(0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(x, y, V.Constant(1), V.IfEqual(x, x, V.Constant(0), V.Constant(1)));
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(x, y, y, R.IfEqual(x, x, x, y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>max(x, y), the other one if one is NaN.</summary>
        public V Fmax(V y) => V.Apply<FmaxOp>(x, y);
    }
}
