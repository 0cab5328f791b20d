namespace Adjoint;

public partial class Tensor
{
    /// <summary>The remainder of x/d for a number d, with the sign of x, element by element.</summary>
    /// <param name="divisor">d.</param>
    /// <exception cref="ArgumentException">d is 0, a whole number, and the tensor of integers.</exception>
    public Tensor Fmod(Number divisor) => DType.IsFloatingPoint || !divisor.IsWhole
        ? Unary.Apply(new FmodNumberOp(divisor.ToDouble()), Promotion.WithNumbers(this, divisor))
        : Fmod((Tensor)divisor.Fitting("Fmod", DType), nameof(divisor));

    /// <summary>x = the remainder of x/d with the sign of x, in place.</summary>
    /// <inheritdoc cref="Fmod(Number)"/>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor FmodInPlace(Number divisor) => Promotion.Holding("FmodInPlace", this, divisor).DType.IsFloatingPoint
        ? Unary.ApplyInPlace(new FmodNumberOp(divisor.ToDouble()), this)
        : Replacement.Plain("FmodInPlace", this, x => x.Fmod((Tensor)divisor.Fitting("FmodInPlace", x.DType), nameof(divisor)));
}

/// <summary>y = the remainder of x/d for a number d, with the sign of x,   dy/dx = 1.</summary>
internal readonly struct FmodNumberOp(double divisor) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("other", divisor);

    public static string Name => "fmod";
    public static OpInfo Info => new() { Formula = "x - d*trunc(x/d)", Torch = "torch.fmod(x, d)", Word = "Fmod" };
    public static Saves Saves => Saves.None;
    public static bool IsLong => true;
    public static bool KeepsIntegers => true;
    public static Domain Domain => new Domain(-3, 3).Without(-3, -2, -1, 0, 1, 2, 3);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<FmodOp>(x, V.Constant(divisor));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(1);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The remainder of x/d with the sign of x.</summary>
        public V Fmod(double divisor) => V.Apply(new FmodNumberOp(divisor), x);
    }
}
