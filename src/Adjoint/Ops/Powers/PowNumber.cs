using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>xⁿ, element by element. 0⁰ = 1. Integers stay integers when n is of a whole number type: 2, not 2.0.</summary>
    /// <param name="exponent">n.</param>
    /// <exception cref="DTypeException">Integers to a negative whole power, which would not be integers.</exception>
    public Tensor Pow(Number exponent) => PowNumberOp.Apply(exponent, Promotion.WithNumbers(this, exponent));

    /// <summary>x = xⁿ, in place.</summary>
    public Tensor PowInPlace(Number exponent) => PowNumberOp.ApplyInPlace(exponent, Promotion.Holding("pow", this, exponent));
}

/// <summary>y = xⁿ for a number n,   dy/dx = n·xⁿ⁻¹ (0 for n = 0).</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct PowNumberOp(double exponent) : IUnaryOp
{
    // Twice the exponent, where that is small and whole.
    private readonly int _twice = Twice(exponent);

    public void Describe(OpAttributes to) => to.Add("exponent", exponent);

    public static string Name => "pow";
    public static OpInfo Info => new() { Formula = "x^n", Torch = "x ** n", Word = "Pow" };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Positive;

    internal static Tensor Apply(Number exponent, Tensor x) => exponent.ToDouble() == 2 ? x.Square()
        : x.DType.IsFloatingPoint ? Unary.Apply(Of(exponent, x.DType), x)
        : Binary.Apply(new PowOp(), x, Whole(exponent, x.DType));

    internal static Tensor ApplyInPlace(Number exponent, Tensor x) => x.DType.IsFloatingPoint
        ? Unary.ApplyInPlace(Of(exponent, x.DType), x)
        : Binary.ApplyInPlace(new PowOp(), x, Whole(exponent, x.DType));

    // The exponent of integers as one of them, since above 2⁵³ it may be no double.
    private static Tensor Whole(Number exponent, DType dtype)
    {
        _ = Of(exponent, dtype);
        return exponent.Fitting("Pow", dtype);
    }

    /// <summary>The operation for tensors of a dtype, which must hold its results.</summary>
    internal static PowNumberOp Of(Number exponent, DType dtype) => exponent.ToDouble() < 0 && !dtype.IsFloatingPoint
        ? throw new DTypeException(
            $"pow: {dtype} values to the negative whole power {exponent} are no integers. Convert them first with To(DType.Float32).")
        : new PowNumberOp(exponent.ToDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => _twice switch
    {
        -4 => 1 / (x * x),
        -2 => 1 / x,
        1 => x.Sqrt(),
        -1 when !V.IsFormula => 1 / x.Sqrt(),
        2 => x,
        4 => x * x,
        6 => x * x * x,
        _ => V.Inlined<PowOp>(x, V.Constant(exponent)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
        exponent == 0 ? V.Constant(0) : exponent * V.Inlined(new PowNumberOp(exponent - 1), x);

    // What loops ask for every register: one jump instead of a comparison of numbers for each exponent that has a formula.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Twice(double exponent)
    {
        int twice = (int)(exponent * 2);
        return twice == exponent * 2 && twice is >= -4 and <= 6 ? twice : int.MaxValue;
    }
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>xⁿ.</summary>
        public V Pow(double exponent) => V.Apply(new PowNumberOp(exponent), x);
    }
}
