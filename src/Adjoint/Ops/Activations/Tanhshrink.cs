namespace Adjoint;

public partial class Tensor
{
    /// <summary>x − tanh x, element by element.</summary>
    public Tensor Tanhshrink() => Unary.Apply(new TanhshrinkOp(), this);
}

/// <summary>y = x − tanh x,   dy/dx = tanh² x.</summary>
internal readonly struct TanhshrinkOp : IUnaryOp
{
    public static string Name => "tanhshrink";
    public static OpInfo Info => new()
    {
        Formula = "x - tanh(x)",
        Torch = "F.tanhshrink(x)",
        FormulaNames = ["tanhshrink"],
        Module = "Tanhshrink()",
    };
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x) where V : IAlgebra<V> => x - V.Inlined<TanhOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<TanhOp>(x).Square();
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x − tanh x.</summary>
        public V Tanhshrink() => V.Apply(default(TanhshrinkOp), x);
    }
}
