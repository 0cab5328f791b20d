namespace Adjoint;

public static partial class Special
{
    /// <summary>e^−|x|·I₀(x), element by element: torch.special.i0e.</summary>
    /// <param name="x">x.</param>
    public static Tensor I0e(Tensor x) => Unary.Apply(new I0eOp(), x.Given());
}

/// <summary>y = e^−|x|·I₀(x),   dy/dx = e^−|x|·I₁(x) − y·sign x.</summary>
internal readonly struct I0eOp : IPrimitive
{
    public static string Name => "i0e";
    public static OpInfo Info => new()
    {
        Formula = "i0e(x)",
        Torch = "torch.special.i0e(x)",
        FormulaNames = ["i0e"],
        Ulps = (6, 6),
        Facts = OpFacts.Even | OpFacts.NotNegative | OpFacts.Total,
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<I0eOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<I1eOp>(x) - x.Sign() * y;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.I0e<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>e^−|x|·I₀(x), element by element.</summary>
        public V I0e() => V.Apply<I0eOp>(x);
    }
}
