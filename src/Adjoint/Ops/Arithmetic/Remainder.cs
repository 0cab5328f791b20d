namespace Adjoint;

public partial class Tensor
{
    /// <summary>The remainder of x/y with the sign of y, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ArgumentException">Both are of integers, and y has a 0: it says where.</exception>
    public Tensor Remainder(Tensor other) => Remainder(other.Given(), nameof(other));

    private Tensor Remainder(Tensor divisors, string name) =>
        Binary.Apply(new RemainderOp(), Divisors.Dividend("Remainder", this, divisors, name), divisors);

    /// <summary>x = the remainder of x/y with the sign of y, in place.</summary>
    /// <inheritdoc cref="Remainder(Tensor)"/>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor RemainderInPlace(Tensor other) => Binary.ApplyInPlace(
        new RemainderOp(), Divisors.Dividend("RemainderInPlace", this, other.Given(), nameof(other)), other);
}

/// <summary>z = x − y·⌊x/y⌋, with the sign of y,   ∂z/∂x = 1,   ∂z/∂y = −⌊x/y⌋ = −(x − z)/y.</summary>
// x/y may round up to the next whole number where z is just below y; the whole number that belongs to z is (x − z)/y.
internal readonly struct RemainderOp : IBinaryPrimitive
{
    public static string Name => "remainder";
    public static int Overload => 1;
    public static OpInfo Info => new()
    {
        Formula = "x - y*floor(x/y)",
        Torch = "torch.remainder(x, y)",
        FormulaNames = ["remainder"],
        NamesElsewhere = ["mod"],
        Onnx = "Mod",
        Ulps = (0.5, 0.5),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Reads SlopeXReads => Reads.None;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(2.1, 2.9);
    public static Domain DomainY => new(1.5, 1.9);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<RemainderOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -((x - V.Inlined<RemainderOp>(x, y)) / y).Round();
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Remainder<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The remainder of x/y with the sign of y.</summary>
        public V Remainder(V y) => V.Apply<RemainderOp>(x, y);
    }
}
