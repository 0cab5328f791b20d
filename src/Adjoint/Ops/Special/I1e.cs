namespace Adjoint;

public static partial class Special
{
    /// <summary>e^−|x|·I₁(x), element by element: torch.special.i1e.</summary>
    /// <param name="x">x.</param>
    public static Tensor I1e(Tensor x) => Unary.Apply(new I1eOp(), x.Given());
}

/// <summary>y = e^−|x|·I₁(x),   dy/dx = e^−|x|·I₀(x) − y·(sign x + 1/x), ½ at 0.</summary>
internal readonly struct I1eOp : IPrimitive
{
    public static string Name => "i1e";
    public static OpInfo Info => new()
    {
        Formula = "i1e(x)",
        Torch = "torch.special.i1e(x)",
        FormulaNames = ["i1e"],
        Ulps = (6, 6),
        Facts = OpFacts.Odd | OpFacts.Total,
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<I1eOp>(x);
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), V.Constant(0.5),
        V.Inlined<I0eOp>(x) - y * (x.Sign() + 1 / I1Op.Divisor(x)));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.I1e<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>e^−|x|·I₁(x), element by element.</summary>
        public V I1e() => V.Apply<I1eOp>(x);
    }
}
