namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// P(a, x) = 1/Γ(a)·∫₀ˣ tᵃ⁻¹e⁻ᵗ dt of a = this, element by element, with broadcasting: torch.igamma, the regularised lower incomplete
    /// gamma function. It is differentiated with respect to x.
    /// </summary>
    /// <param name="other">x, at least 0; the shapes broadcast. NaN where x or a is below 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="MissingRuleException">A gradient of a is wanted, for which there is no formula.</exception>
    public Tensor Igamma(Tensor other) =>
        Binary.Apply(new IgammaOp(), OneSided.Constant("Igamma", this, "this", other.Given()), other);

    /// <summary>a = P(a, x), in place.</summary>
    /// <inheritdoc cref="Igamma"/>
    public Tensor IgammaInPlace(Tensor other) =>
        Binary.ApplyInPlace(new IgammaOp(), OneSided.Constant("IgammaInPlace", this, "this", other.Given()), other);
}

public static partial class Special
{
    /// <summary>P(a, x), element by element: torch.special.gammainc, <see cref="Tensor.Igamma"/>.</summary>
    /// <param name="x">a.</param>
    /// <param name="other">x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="MissingRuleException">A gradient of a is wanted, for which there is no formula.</exception>
    public static Tensor Gammainc(Tensor x, Tensor other) =>
        Tensor.Speaking("Gammainc", () =>
            Binary.Apply(new IgammaOp(), OneSided.Constant("Gammainc", x.Given(), nameof(x), other.Given()), other));
}

/// <summary>z = P(x, y),   ∂z/∂y = yˣ⁻¹·e⁻ʸ/Γ(x).</summary>
internal readonly struct IgammaOp : IBinaryPrimitive
{
    public static string Name => "igamma";
    public static OpInfo Info => new()
    {
        Formula = "1/Γ(a)·∫₀ˣ tᵃ⁻¹e⁻ᵗ dt",
        Torch = "torch.igamma(torch.tensor(1.7, dtype=x.dtype), x)",
        Gradient = "g·xᵃ⁻¹·e⁻ˣ/Γ(a)",
        FormulaNames = ["igamma"],
        NamesElsewhere = ["gammainc"],
        Latex = "P",
    };
    public static Saves Saves => Saves.Input;
    public static Reads SlopeXReads => Reads.None;
    public static bool IsLong => true;
    public static Domain DomainX => new(0.5, 3);
    public static Domain DomainY => new(0.5, 3);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<IgammaOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => OneSided.Unknown<V>("igamma");
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => Density(x, y);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Igamma<R, T>(x, y);

    /// <summary>xᵃ⁻¹·e⁻ˣ/Γ(a).</summary>
    internal static V Density<V>(V a, V x) where V : IAlgebra<V> => ((a - 1).Xlogy(x) - x - a.Lgamma()).Exp();
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>P(x, y), the regularised lower incomplete gamma function of order x. It is differentiated with respect to y.</summary>
        /// <param name="y">y, at least 0.</param>
        public V Igamma(V y) => V.Apply<IgammaOp>(x, y);
    }
}

public static partial class OpTable
{
    private static Op Igamma => Op.Of(OpKind.Other, "igamma", x => Tensor.Scalar(1.7, x.DType).Igamma(x),
        new OpInput([2, 3], new Domain(0.5, 3)), IgammaOp.Info);
}
