using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The larger of two elements, with broadcasting; NaN if either is NaN. Equal elements share the gradient.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Maximum(Tensor other) => Binary.Apply(new MaximumOp(), this, other.Given());
}

/// <summary>z = max(x, y),   ∂z/∂x = 0 for x &lt; y, ½ for x = y, else 1,   ∂z/∂y likewise; beside NaN both are 1.</summary>
internal readonly struct MaximumOp : IBinaryPrimitive
{
    public static string Name => "maximum";
    public static OpInfo Info => new()
    {
        Formula = "max(x, y)",
        Torch = "torch.maximum(x, y)",
        FormulaNames = ["max", "maximum"],
        Latex = @"\max",
        DotNet = "Math.Max",
        Onnx = "Max",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(0, 3);
    public static Domain DomainY => new(-3, 0);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<MaximumOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z)
        where V : IAlgebra<V> =>
        V.IfEqual(x, y, V.Constant(0.5), V.IfLess(x, y, V.Constant(0), V.Constant(1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z)
        where V : IAlgebra<V> =>
        V.IfEqual(x, y, V.Constant(0.5), V.IfLess(y, x, V.Constant(0), V.Constant(1)));
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(x, y, y, R.IfEqual(y, y, x, y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>max(x, y).</summary>
        public V Maximum(V y) => V.Apply<MaximumOp>(x, y);
    }
}
