using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The normalised sine cardinal sin(πx)/(πx), element by element; 1 at 0.</summary>
    public Tensor Sinc() => Unary.Apply(new SincOp(), this);
}

/// <summary>y = sin(πx)/(πx), 1 at 0,   dy/dx = (cos(πx) − y)/x, at 0 its tangent −π²x/3.</summary>
internal readonly struct SincOp : IUnaryOp
{
    public static string Name => "sinc";
    public static Saves Saves => Saves.Both;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), V.Constant(1), (x * Math.PI).Sin() / (x * Math.PI));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), x * (-Math.PI * Math.PI / 3), ((x * Math.PI).Cos() - y) / x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>sin(πx)/(πx), 1 at 0.</summary>
        public V Sinc() => V.Apply(default(SincOp), x);
    }
}
