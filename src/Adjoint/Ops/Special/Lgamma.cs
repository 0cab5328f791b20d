namespace Adjoint;

public partial class Tensor
{
    /// <summary>ln |Γ(x)|, element by element: torch.lgamma. ∞ at 0 and the negative whole numbers.</summary>
    public Tensor Lgamma() => Unary.Apply(new LgammaOp(), this);

    /// <summary>x = ln |Γ(x)|, in place.</summary>
    public Tensor LgammaInPlace() => Unary.ApplyInPlace(new LgammaOp(), this);
}

public static partial class Special
{
    /// <summary>ln |Γ(x)|, element by element: torch.special.gammaln, <see cref="Tensor.Lgamma"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Gammaln(Tensor x) => Tensor.Speaking("Gammaln", x.Given().Lgamma);
}

/// <summary>y = ln |Γ(x)|,   dy/dx = ψ(x).</summary>
internal readonly struct LgammaOp : IPrimitive
{
    public static string Name => "lgamma";
    public static OpInfo Info => new()
    {
        Formula = "lgamma(x)",
        Torch = "torch.lgamma(x)",
        FormulaNames = ["lgamma"],
        NamesElsewhere = ["gammaln", "loggamma", "lngamma"],
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(0.3, 4);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<LgammaOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<DigammaOp>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Lgamma<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln |Γ(x)|.</summary>
        public V Lgamma() => V.Apply<LgammaOp>(x);
    }
}
