namespace Adjoint;

public partial class Tensor
{
    /// <summary>ln(eˣ + eʸ), element by element, with broadcasting, without overflow.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor LogAddExp(Tensor other) => Binary.Apply(new LogAddExpOp(), this, other.Given());
}

/// <summary>z = ln(eˣ + eʸ),   ∂z/∂x = σ(x − y),   ∂z/∂y = σ(y − x).</summary>
internal readonly struct LogAddExpOp : IBinaryPrimitive
{
    public static string Name => "logaddexp";
    public static OpInfo Info => new()
    {
        Formula = "ln(exp(x) + exp(y))",
        Torch = "torch.logaddexp(x, y)",
        FormulaNames = ["logaddexp"],
        Word = "LogAddExp",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<LogAddExpOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Inlined<SigmoidOp>(x - y);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Inlined<SigmoidOp>(y - x);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.LogAddExp<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln(eˣ + eʸ).</summary>
        public V LogAddExp(V y) => V.Apply<LogAddExpOp>(x, y);
    }
}
