namespace Adjoint;

public static partial class Special
{
    /// <summary>Φ(x), the share of a normal distribution below x, element by element: torch.special.ndtr.</summary>
    /// <param name="x">x.</param>
    public static Tensor Ndtr(Tensor x) => Unary.Apply(new NdtrOp(), x.Given());
}

/// <summary>y = Φ(x) = erfc(−x/√2)/2,   dy/dx = e^(−x²/2)/√(2π).</summary>
internal readonly struct NdtrOp : IPrimitive
{
    public static string Name => "ndtr";
    public static OpInfo Info => new()
    {
        Formula = "ndtr(x)",
        Torch = "torch.special.ndtr(x)",
        FormulaNames = ["ndtr"],
        Ulps = (6, 6),
        Facts = OpFacts.NotNegative | OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<NdtrOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ExpOp>(x * x * -0.5) * 0.3989422804014327;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Ndtr<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>Φ(x), the share of a normal distribution below x, element by element.</summary>
        public V Ndtr() => V.Apply<NdtrOp>(x);
    }
}
