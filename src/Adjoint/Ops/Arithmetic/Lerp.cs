using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>Linear interpolation x + w·(end − x), element by element, with broadcasting.</summary>
    /// <param name="end">The value at w = 1; the shapes broadcast.</param>
    /// <param name="weight">w.</param>
    public Tensor Lerp(Tensor end, double weight) => Binary.Apply(new LerpOp(weight), this, end.Given());

    /// <summary>x += w·(end − x), in place.</summary>
    public Tensor LerpInPlace(Tensor end, double weight) => Binary.ApplyInPlace(new LerpOp(weight), this, end.Given());
}

/// <summary>z = x + w·(y − x),   ∂z/∂x = 1 − w,   ∂z/∂y = w.</summary>
internal readonly struct LerpOp(double weight) : IBinaryOp
{
    public void Describe(OpAttributes to) => to.Add("weight", weight);

    public static string Name => "lerp";
    public static OpInfo Info => new() { Formula = "x + w*(y - x)", Torch = "torch.lerp(x, y, w)" };
    public static Saves Saves => Saves.None;

    /// <summary>From the nearer end, so that w = 1 gives y exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V> =>
        Math.Abs(weight) < 0.5 ? x + weight * (y - x) : y - (y - x) * (1 - weight);

    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1 - weight);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(weight);
}
