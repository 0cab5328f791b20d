namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// Q(a, x) = 1/Γ(a)·∫ₓ^∞ tᵃ⁻¹e⁻ᵗ dt of a = this, element by element, with broadcasting: torch.igammac, the regularised upper incomplete
    /// gamma function. It is differentiated with respect to x.
    /// </summary>
    /// <param name="other">x, at least 0; the shapes broadcast. NaN where x or a is below 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="MissingRuleException">A gradient of a is wanted, for which there is no formula.</exception>
    public Tensor Igammac(Tensor other) =>
        Binary.Apply(new IgammacOp(), OneSided.Constant("Igammac", this, "this", other.Given()), other);

    /// <summary>a = Q(a, x), in place.</summary>
    /// <inheritdoc cref="Igammac"/>
    public Tensor IgammacInPlace(Tensor other) =>
        Binary.ApplyInPlace(new IgammacOp(), OneSided.Constant("IgammacInPlace", this, "this", other.Given()), other);
}

public static partial class Special
{
    /// <summary>Q(a, x), element by element: torch.special.gammaincc, <see cref="Tensor.Igammac"/>.</summary>
    /// <param name="x">a.</param>
    /// <param name="other">x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="MissingRuleException">A gradient of a is wanted, for which there is no formula.</exception>
    public static Tensor Gammaincc(Tensor x, Tensor other) =>
        Tensor.Speaking("Gammaincc", () =>
            Binary.Apply(new IgammacOp(), OneSided.Constant("Gammaincc", x.Given(), nameof(x), other.Given()), other));
}

/// <summary>z = Q(x, y),   ∂z/∂y = −yˣ⁻¹·e⁻ʸ/Γ(x).</summary>
internal readonly struct IgammacOp : IBinaryPrimitive
{
    public static string Name => "igammac";
    public static OpInfo Info => new()
    {
        Formula = "1/Γ(a)·∫ₓ^∞ tᵃ⁻¹e⁻ᵗ dt",
        Torch = "torch.igammac(torch.tensor(1.7, dtype=x.dtype), x)",
        Gradient = "−g·xᵃ⁻¹·e⁻ˣ/Γ(a)",
        FormulaNames = ["igammac"],
        NamesElsewhere = ["gammaincc"],
        Latex = "Q",
    };
    public static Saves Saves => Saves.Input;
    public static Reads SlopeXReads => Reads.None;
    public static bool IsLong => true;
    public static Domain DomainX => new(0.5, 3);
    public static Domain DomainY => new(0.5, 3);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<IgammacOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => OneSided.Unknown<V>("igammac");
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -IgammaOp.Density(x, y);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Igammac<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>Q(x, y), the regularised upper incomplete gamma function of order x. It is differentiated with respect to y.</summary>
        /// <param name="y">y, at least 0.</param>
        public V Igammac(V y) => V.Apply<IgammacOp>(x, y);
    }
}

public static partial class OpTable
{
    private static Op Igammac => Op.Of(OpKind.Other, "igammac", x => Tensor.Scalar(1.7, x.DType).Igammac(x),
        new OpInput([2, 3], new Domain(0.5, 3)), IgammacOp.Info);
}
