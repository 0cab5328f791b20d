using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>max(x, a) with a bound for each element, with broadcasting; the gradient of an element on its bound is its own.</summary>
    /// <param name="min">a.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ClampMin(Tensor min)
    {
        try
        {
            return Binary.Apply(new ClampMinTensorOp(), this, min.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(ClampMin)))
        {
            throw;
        }
    }
}

/// <summary>z = max(x, a),   ∂z/∂x = 1 for x ≥ a, else 0,   ∂z/∂a = 1 for x &lt; a, else 0; beside NaN z is NaN and both are 0.</summary>
internal readonly struct ClampMinTensorOp : IBinaryPrimitive
{
    public static string Name => "clamp_min";
    public static int Overload => 1;
    public static OpInfo Info => new() { Formula = "if(x < y, y, if(y = y, x, y))", Torch = "torch.clamp_min(x, y)", Word = "ClampMin" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(0, 3);
    public static Domain DomainY => new(-3, 0);

    public static bool IsShort => true;

    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ClampMinTensorOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> =>
        V.IfLess(x, y, V.Constant(0), V.IfEqual(x, x, V.IfEqual(y, y, V.Constant(1), V.Constant(0)), V.Constant(0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(x, y, V.Constant(1), V.Constant(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(x, y, y, R.IfEqual(y, y, x, y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>max(x, y) with a gradient of 1 on the bound.</summary>
        public V ClampMin(V y) => V.Apply<ClampMinTensorOp>(x, y);
    }
}
