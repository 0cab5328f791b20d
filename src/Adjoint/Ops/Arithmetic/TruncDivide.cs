namespace Adjoint;

public partial class Tensor
{
    /// <summary>x/y, element by element, with broadcasting, rounded as is said; rounded quotients of integers are integers, and have
    /// the gradient 0.</summary>
    /// <param name="other">y; a tensor or a number.</param>
    /// <param name="roundingMode">What becomes of the fraction.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">Both are of integers, the quotient is rounded, and y has a 0: it says where.</exception>
    public Tensor Div(Tensor other, RoundingMode roundingMode)
    {
        try
        {
            return Rounded.Quotient("Div", this, other.Given(), roundingMode.Known());
        }
        catch (TensorException e) when (e.IsOf(nameof(Div)))
        {
            throw;
        }
    }

    /// <summary>x/y, rounded towards 0: <see cref="Div(Tensor, RoundingMode)"/> with <see cref="RoundingMode.Trunc"/>.</summary>
    /// <param name="other">y; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">Both are of integers, and y has a 0: it says where.</exception>
    public Tensor TruncDivide(Tensor other)
    {
        try
        {
            return Binary.Apply(new TruncDivideOp(), Divisors.Dividend("TruncDivide", this, other.Given(), nameof(other)), other);
        }
        catch (TensorException e) when (e.IsOf(nameof(TruncDivide)))
        {
            throw;
        }
    }

    /// <summary>x = x/y, rounded as is said, in place.</summary>
    /// <inheritdoc cref="Div(Tensor, RoundingMode)"/>
    public Tensor DivInPlace(Tensor other, RoundingMode roundingMode)
    {
        try
        {
            return Rounded.QuotientInPlace("DivInPlace", this, other.Given(), roundingMode.Known());
        }
        catch (TensorException e) when (e.IsOf(nameof(DivInPlace)))
        {
            throw;
        }
    }
}

/// <summary>Quotients that are rounded as is said.</summary>
internal static class Rounded
{
    internal static Tensor Quotient(string operation, Tensor x, Tensor other, RoundingMode mode) => mode switch
    {
        RoundingMode.None => x.Div(other),
        RoundingMode.Floor => Binary.Apply(new FloorDivideOp(), Divisors.Dividend(operation, x, other, nameof(other)), other),
        _ => Binary.Apply(new TruncDivideOp(), Divisors.Dividend(operation, x, other, nameof(other)), other),
    };

    internal static Tensor QuotientInPlace(string operation, Tensor x, Tensor other, RoundingMode mode) => mode switch
    {
        RoundingMode.None => x.DivInPlace(other),
        RoundingMode.Floor => Binary.ApplyInPlace(new FloorDivideOp(), Divisors.Dividend(operation, x, other, nameof(other)), other),
        _ => Binary.ApplyInPlace(new TruncDivideOp(), Divisors.Dividend(operation, x, other, nameof(other)), other),
    };
}

/// <summary>z = x/y without its fraction,   ∂z/∂x = ∂z/∂y = 0.</summary>
internal readonly struct TruncDivideOp : IBinaryPrimitive
{
    public static string Name => "div";
    public static int Overload => 1;
    public static OpInfo Info => new()
    {
        Formula = "trunc(x/y)",
        Torch = "torch.div(x, y, rounding_mode=\"trunc\")",
        FormulaNames = ["trunc_divide"],
        Word = "TruncDivide",
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Reads SlopeXReads => Reads.None;
    public static Reads SlopeYReads => Reads.None;
    public static Domain DomainX => new(2.1, 2.9);
    public static Domain DomainY => new(1.5, 1.9);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<TruncDivideOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.TruncDivide<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x/y, rounded towards 0.</summary>
        public V TruncDivide(V y) => V.Apply<TruncDivideOp>(x, y);
    }
}
