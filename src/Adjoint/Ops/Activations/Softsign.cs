namespace Adjoint;

public partial class Tensor
{
    /// <summary>x/(1 + |x|), element by element.</summary>
    public Tensor Softsign() => Unary.Apply(new SoftsignOp(), this);
}

/// <summary>y = x/(1 + |x|),   dy/dx = 1/(1 + |x|)².</summary>
internal readonly struct SoftsignOp : IUnaryOp
{
    public static string Name => "softsign";
    public static OpInfo Info => new()
    {
        Formula = "x/(1 + abs(x))",
        Torch = "F.softsign(x)",
        FormulaNames = ["softsign"],
        Onnx = "Softsign",
        Module = "Softsign()",
    };
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x) where V : IAlgebra<V> => x / (x.Abs() + 1);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => (x.Abs() + 1).Square().Reciprocal();
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x/(1 + |x|).</summary>
        public V Softsign() => V.Apply(default(SoftsignOp), x);
    }
}
