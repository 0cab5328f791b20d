using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·min(max(x + 3, 0), 6)/6, element by element.</summary>
    public Tensor Hardswish() => Unary.Apply(new HardswishOp(), this);

    /// <summary>x = x·min(max(x + 3, 0), 6)/6, in place.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor HardswishInPlace() => Unary.ApplyInPlace(new HardswishOp(), this);
}

/// <summary>y = x·min(max(x + 3, 0), 6)/6,   dy/dx = 0 for x &lt; −3, x/3 + ½ for |x| ≤ 3, 1 for x > 3.</summary>
internal readonly struct HardswishOp : IUnaryOp
{
    public static string Name => "hardswish";
    public static OpInfo Info => new()
    {
        Formula = "x*min(max(x + 3, 0), 6)/6",
        Torch = "F.hardswish(x)",
        FormulaNames = ["hardswish"],
        Onnx = "HardSwish",
        Facts = OpFacts.Whole,
        Module = "Hardswish({inplace: not printed})",
    };
    public static Saves Saves => Saves.Input;
    public static Domain Domain => new Domain(-5, 5).Without(-3, 3);
    public V Value<V>(V x) where V : IAlgebra<V> => x * default(Relu6Op).Value(x + 3) / 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
        V.IfLess(x, V.Constant(-3), V.Constant(0), V.IfLess(V.Constant(3), x, V.Constant(1), x / 3 + 0.5));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
        public V Hardswish() => V.Apply(default(HardswishOp), x);
    }
}
