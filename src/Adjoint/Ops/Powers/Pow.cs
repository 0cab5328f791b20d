using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>xʸ, element by element, with broadcasting. 0⁰ = 1.</summary>
    /// <param name="exponent">y; the shapes broadcast.</param>
    public Tensor Pow(Tensor exponent) => Binary.Apply(new PowOp(), this, exponent.Given());

    /// <summary>x = xʸ, in place.</summary>
    public Tensor PowInPlace(Tensor exponent) => Binary.ApplyInPlace(new PowOp(), this, exponent.Given());
}

/// <summary>z = xʸ,   ∂z/∂x = y·xʸ⁻¹ (0 for y = 0),   ∂z/∂y = z·ln x (0 for x = 0 ≤ y).</summary>
internal readonly struct PowOp : IBinaryPrimitive
{
    public static string Name => "pow";
    public static int Overload => 1;
    public static OpInfo Info => new()
    {
        Formula = "x^y",
        Torch = "x ** y",
        FormulaNames = ["pow"],
        NamesElsewhere = ["power"],
        DotNet = "Math.Pow",
        Onnx = "Pow",
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public static Reads SlopeXReads => Reads.X | Reads.Y;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<PowOp>(x, y);

    // For y = 0 the slope is 0, but it depends on y: x⁻¹ is its derivative. Only where x⁻¹ is infinite a constant must stand for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V power = V.Inlined<PowOp>(x, y - 1), slope = y * power;
        return V.IfEqual(y, V.Constant(0), V.IfLess(power.Abs(), V.Constant(double.PositiveInfinity), slope, V.Constant(0)), slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        if (V.IsFormula) return SlopeYToRead(x, y, z);
        return z * V.Inlined<LogOp>(V.IfEqual(x, V.Constant(0), V.IfLess(y, V.Constant(0), x, V.Constant(1)), x));
    }

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V SlopeYToRead<V>(V x, V y, V z) where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), V.IfLess(y, V.Constant(0), z * x.Log(), V.Constant(0)), z * x.Log());

    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Pow<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>xʸ.</summary>
        public V Pow(V y) => V.Apply<PowOp>(x, y);
    }
}
