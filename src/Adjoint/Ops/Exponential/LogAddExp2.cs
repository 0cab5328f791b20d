namespace Adjoint;

public partial class Tensor
{
    /// <summary>log₂(2ˣ + 2ʸ), element by element, with broadcasting, without overflow.</summary>
    /// <param name="other">y; the shapes broadcast.</param>
    public Tensor LogAddExp2(Tensor other) => Binary.Apply(new LogAddExp2Op(), this, other.Given());
}

/// <summary>z = log₂(2ˣ + 2ʸ),   ∂z/∂x = σ((x − y)·ln 2),   ∂z/∂y = σ((y − x)·ln 2).</summary>
internal readonly struct LogAddExp2Op : IBinaryPrimitive
{
    private const double Ln2 = 0.6931471805599453;

    public static string Name => "logaddexp2";
    public static OpInfo Info => new()
    {
        Formula = "log2(2^x + 2^y)",
        Torch = "torch.logaddexp2(x, y)",
        FormulaNames = ["logaddexp2"],
        Word = "LogAddExp2",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<LogAddExp2Op>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Inlined<SigmoidOp>((x - y) * Ln2);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Inlined<SigmoidOp>((y - x) * Ln2);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.LogAddExp2<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>log₂(2ˣ + 2ʸ).</summary>
        public V LogAddExp2(V y) => V.Apply<LogAddExp2Op>(x, y);
    }
}
