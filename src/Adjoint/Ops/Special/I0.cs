namespace Adjoint;

public partial class Tensor
{
    /// <summary>I₀(x), the modified Bessel function of order 0, element by element.</summary>
    public Tensor I0() => Unary.Apply(new I0Op(), this);

    /// <summary>x = i0 x, in place: <see cref="I0"/>.</summary>
    public Tensor I0InPlace() => Unary.ApplyInPlace(new I0Op(), this);
}

public static partial class Special
{
    /// <summary>I₀(x), the modified Bessel function of order 0, element by element: torch.special.i0, <see cref="Tensor.I0()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor I0(Tensor x) => x.Given().I0();
}

/// <summary>y = I₀(x),   dy/dx = I₁(x).</summary>
internal readonly struct I0Op : IPrimitive
{
    public static string Name => "i0";
    public static OpInfo Info => new()
    {
        Formula = "i0(x)",
        Torch = "torch.special.i0(x)",
        FormulaNames = ["i0"],
        Ulps = (6, 6),
        Facts = OpFacts.Even | OpFacts.NotNegative | OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<I0Op>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<I1Op>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.I0<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>I₀(x), the modified Bessel function of order 0, element by element.</summary>
        public V I0() => V.Apply<I0Op>(x);
    }
}
