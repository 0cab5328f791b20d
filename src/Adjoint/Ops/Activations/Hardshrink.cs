using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for |x| > λ, otherwise 0, element by element.</summary>
    /// <param name="lambd">λ.</param>
    public Tensor Hardshrink(double lambd = 0.5) => Unary.Apply(new HardshrinkOp(lambd), this);
}

/// <summary>y = x for |x| > λ, else 0,   dy/dx = 1 for |x| > λ, else 0.</summary>
internal readonly struct HardshrinkOp(double lambd) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("lambd", lambd);

    public static string Name => "hardshrink";
    public static OpInfo Info => new()
    {
        Formula = "if(abs(x) > lambda, x, 0)",
        Torch = "F.hardshrink(x, lambda_)",
        Module = "Hardshrink({lambd: any finite number})",
    };
    public static Saves Saves => Saves.Input;
    public static Domain Domain => Domain.Reals.Without(-0.5, 0.5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
            V.IfLess(x.Abs(), V.Constant(lambd), V.Constant(0), V.IfEqual(x.Abs(), V.Constant(lambd), V.Constant(0), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(V.Constant(lambd), x.Abs(), V.Constant(1), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x for |x| > λ, otherwise 0.</summary>
        public V Hardshrink(double lambd = 0.5) => V.Apply(new HardshrinkOp(lambd), x);
    }
}
