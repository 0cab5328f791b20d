namespace Adjoint;

public static partial class Special
{
    /// <summary>ln Φ(x), element by element, where Φ(x) is no number any more, too: torch.special.log_ndtr.</summary>
    /// <param name="x">x.</param>
    public static Tensor LogNdtr(Tensor x) => Unary.Apply(new LogNdtrOp(), x.Given());
}

/// <summary>y = ln Φ(x),   dy/dx = √(2/π)/erfcx(−x/√2).</summary>
internal readonly struct LogNdtrOp : IPrimitive
{
    public static string Name => "log_ndtr";
    public static OpInfo Info => new()
    {
        Formula = "log_ndtr(x)",
        Torch = "torch.special.log_ndtr(x)",
        FormulaNames = ["log_ndtr"],
        Ulps = (6, 6),
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<LogNdtrOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 0.7978845608028654 / V.Inlined<ErfcxOp>(x * -0.7071067811865476);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.LogNdtr<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln Φ(x), element by element, where Φ(x) is no number any more, too.</summary>
        public V LogNdtr() => V.Apply<LogNdtrOp>(x);
    }
}
