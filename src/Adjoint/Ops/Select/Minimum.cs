using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The smaller of two elements, with broadcasting; NaN if either is NaN. Equal elements share the gradient.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Minimum(Tensor other) => Binary.Apply(new MinimumOp(), this, other.Given());
}

/// <summary>z = min(x, y),   ∂z/∂x = 0 for x > y, ½ for x = y, else 1,   ∂z/∂y likewise; beside NaN both are 1.</summary>
internal readonly struct MinimumOp : IBinaryPrimitive
{
    public static string Name => "minimum";
    public static OpInfo Info => new()
    {
        Formula = "min(x, y)",
        Torch = "torch.minimum(x, y)",
        FormulaNames = ["min", "minimum"],
        Latex = @"\min",
        DotNet = "Math.Min",
        Onnx = "Min",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(0, 3);
    public static Domain DomainY => new(-3, 0);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<MinimumOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z)
        where V : IAlgebra<V> =>
        V.IfEqual(x, y, V.Constant(0.5), V.IfLess(y, x, V.Constant(0), V.Constant(1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z)
        where V : IAlgebra<V> =>
        V.IfEqual(x, y, V.Constant(0.5), V.IfLess(x, y, V.Constant(0), V.Constant(1)));
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(y, x, y, R.IfEqual(y, y, x, y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(x, y).</summary>
        public V Minimum(V y) => V.Apply<MinimumOp>(x, y);
    }
}
