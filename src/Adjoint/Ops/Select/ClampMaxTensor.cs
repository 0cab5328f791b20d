using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(x, b) with a bound for each element, with broadcasting; the gradient of an element on its bound is its own.</summary>
    /// <param name="max">b.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor ClampMax(Tensor max)
    {
        try
        {
            return Binary.Apply(new ClampMaxTensorOp(), this, max.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(ClampMax)))
        {
            throw;
        }
    }
}

/// <summary>z = min(x, b),   ∂z/∂x = 1 for x ≤ b, else 0,   ∂z/∂b = 1 for x &gt; b, else 0; beside NaN z is NaN and both are 0.</summary>
internal readonly struct ClampMaxTensorOp : IBinaryPrimitive
{
    public static string Name => "clamp_max";
    public static int Overload => 1;
    public static OpInfo Info => new() { Formula = "if(y < x, y, if(y = y, x, y))", Torch = "torch.clamp_max(x, y)", Word = "ClampMax" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(0, 3);
    public static Domain DomainY => new(-3, 0);

    public static bool IsShort => true;

    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ClampMaxTensorOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> =>
        V.IfLess(y, x, V.Constant(0), V.IfEqual(x, x, V.IfEqual(y, y, V.Constant(1), V.Constant(0)), V.Constant(0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(y, x, V.Constant(1), V.Constant(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(y, x, y, R.IfEqual(y, y, x, y));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(x, y) with a gradient of 1 on the bound.</summary>
        public V ClampMax(V y) => V.Apply<ClampMaxTensorOp>(x, y);
    }
}
