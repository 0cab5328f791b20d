using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>bˣ for a number b, element by element. Integers stay integers when b is of a whole number type.</summary>
    /// <param name="b">The base.</param>
    public Tensor PowOf(Number b) => b.IsWhole && !DType.IsFloatingPoint
        ? Binary.Apply(new PowOp(), b, this)
        : Unary.Apply(new PowBaseOp(b.ToDouble()), this);
}

/// <summary>y = bˣ for a number b,   dy/dx = y·ln b (0 for b = 0 ≤ x).</summary>
internal readonly struct PowBaseOp(double b) : IUnaryOp
{
    // What loops would ask for every register.
    private readonly double _logOfBase = Math.Log(b);

    public void Describe(OpAttributes to) => to.Add("self", b);

    public static string Name => "pow";
    public static int Overload => 1;
    public static OpInfo Info => new() { Formula = "b^x", Torch = "b ** x", Word = "PowOf" };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<PowOp>(V.Constant(b), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
            b == 0 ? V.IfLess(x, V.Constant(0), y * double.NegativeInfinity, V.IfEqual(x, x, V.Constant(0), x)) : y * _logOfBase;
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>bˣ.</summary>
        public V PowOf(double b) => V.Apply(new PowBaseOp(b), x);
    }
}
