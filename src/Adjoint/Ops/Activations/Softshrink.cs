using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x − λ for x > λ, x + λ for x &lt; −λ, otherwise 0, element by element.</summary>
    /// <param name="lambd">λ.</param>
    public Tensor Softshrink(double lambd = 0.5) => Unary.Apply(new SoftshrinkOp(lambd), this);
}

/// <summary>y = x − λ for x > λ, x + λ for x &lt; −λ, else 0,   dy/dx = 1 for |x| > λ, else 0.</summary>
internal readonly struct SoftshrinkOp(double lambd) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("lambd", lambd);

    public static string Name => "softshrink";
    public static OpInfo Info => new()
    {
        Formula = "if(x > lambda, x - lambda, if(x < -lambda, x + lambda, 0))",
        Torch = "F.softshrink(x, lambda_)",
        Module = "Softshrink({lambd: at least 0})",
    };
    public static Saves Saves => Saves.Input;
    public static Domain Domain => Domain.Reals.Without(-0.5, 0.5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
            V.IfLess(V.Constant(lambd), x, x - lambd, V.IfLess(x, V.Constant(-lambd), x + lambd, V.IfEqual(x, x, V.Constant(0), x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(V.Constant(lambd), x.Abs(), V.Constant(1), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x − λ for x > λ, x + λ for x &lt; −λ, otherwise 0.</summary>
        public V Softshrink(double lambd = 0.5) => V.Apply(new SoftshrinkOp(lambd), x);
    }
}
