using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The remainder of x/d for a number d, with the sign of the divisor, element by element.</summary>
    /// <param name="divisor">d.</param>
    /// <exception cref="ArgumentException">d is 0, a whole number, and the tensor of integers.</exception>
    public Tensor Remainder(Number divisor) => Remainder(divisor, nameof(divisor));

    private Tensor Remainder(Number divisor, string name) => DType.IsFloatingPoint || !divisor.IsWhole
        ? Unary.Apply(new RemainderNumberOp(divisor.ToDouble()), Promotion.WithNumbers(this, divisor))
        : Remainder((Tensor)divisor.Fitting("Remainder", DType), name);

    /// <summary>x = the remainder of x/d with the sign of d, in place.</summary>
    /// <inheritdoc cref="Remainder(Number)"/>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor RemainderInPlace(Number divisor) => Promotion.Holding("RemainderInPlace", this, divisor).DType.IsFloatingPoint
        ? Unary.ApplyInPlace(new RemainderNumberOp(divisor.ToDouble()), this)
        : Replacement.Plain("RemainderInPlace", this,
            x => x.Remainder((Tensor)divisor.Fitting("RemainderInPlace", x.DType), nameof(divisor)));
}

/// <summary>y = the remainder of x/d for a number d, with the sign of the divisor,   dy/dx = 1.</summary>
internal readonly struct RemainderNumberOp(double divisor) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("other", divisor);

    public static string Name => "remainder";
    public static OpInfo Info => new() { Formula = "x - d*floor(x/d)", Torch = "torch.remainder(x, d)", Word = "Remainder" };
    public static Saves Saves => Saves.None;
    public static bool IsLong => true;
    public static bool KeepsIntegers => true;
    public static Domain Domain => new Domain(-3, 3).Without(-3, -2, -1, 0, 1, 2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<RemainderOp>(x, V.Constant(divisor));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(1);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The remainder of x/d with the sign of the divisor.</summary>
        public V Remainder(double divisor) => V.Apply(new RemainderNumberOp(divisor), x);
    }
}
