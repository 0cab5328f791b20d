namespace Adjoint;

public partial class Tensor
{
    /// <summary>ψ(x) = Γ′(x)/Γ(x), element by element: torch.digamma. −∞ at 0, NaN at the negative whole numbers.</summary>
    public Tensor Digamma() => Unary.Apply(new DigammaOp(), this);

    /// <summary>x = ψ(x), in place.</summary>
    public Tensor DigammaInPlace() => Unary.ApplyInPlace(new DigammaOp(), this);
}

public static partial class Special
{
    /// <summary>ψ(x), element by element: torch.special.digamma, <see cref="Tensor.Digamma"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Digamma(Tensor x) => x.Given().Digamma();

    /// <summary>ψ(x), element by element: torch.special.psi, <see cref="Tensor.Digamma"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Psi(Tensor x) => x.Given().Digamma();
}

/// <summary>y = ψ(x),   dy/dx = ψ′(x) = ζ(2, x).</summary>
internal readonly struct DigammaOp : IPrimitive
{
    public static string Name => "digamma";
    public static OpInfo Info => new()
    {
        Formula = "digamma(x)",
        Torch = "digamma(x)",
        FormulaNames = ["digamma"],
        NamesElsewhere = ["psi"],
        Latex = @"\psi",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(0.3, 4);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<DigammaOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ZetaOp>(V.Constant(2), x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Digamma<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ψ(x) = Γ′(x)/Γ(x).</summary>
        public V Digamma() => V.Apply<DigammaOp>(x);
    }
}
