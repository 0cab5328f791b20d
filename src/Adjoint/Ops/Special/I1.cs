namespace Adjoint;

public static partial class Special
{
    /// <summary>I₁(x), the modified Bessel function of order 1, element by element: torch.special.i1.</summary>
    /// <param name="x">x.</param>
    public static Tensor I1(Tensor x) => Unary.Apply(new I1Op(), x.Given());
}

/// <summary>y = I₁(x),   dy/dx = I₀(x) − y/x, ½ at 0.</summary>
internal readonly struct I1Op : IPrimitive
{
    public static string Name => "i1";
    public static OpInfo Info => new()
    {
        Formula = "i1(x)",
        Torch = "torch.special.i1(x)",
        FormulaNames = ["i1"],
        Ulps = (6, 6),
        Facts = OpFacts.Odd | OpFacts.Total,
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<I1Op>(x);
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), V.Constant(0.5), V.Inlined<I0Op>(x) - y / Divisor(x));

    // What is not taken at 0 must have a derivative there all the same, whose 0·∞ would spoil a second one. To a reader it is x.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    internal static V Divisor<V>(V x) where V : IAlgebra<V> => V.IsFormula ? x : V.IfEqual(x, V.Constant(0), V.Constant(1), x);

    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.I1<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>I₁(x), the modified Bessel function of order 1, element by element.</summary>
        public V I1() => V.Apply<I1Op>(x);
    }
}
