namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// ⌊x/y⌋ of the exact quotient, element by element, with broadcasting; integers give integers: Python's <c>//</c>, PyTorch's
    /// <c>floor_divide</c>. Its gradient is 0.
    /// </summary>
    /// <param name="other">y; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">Both are of integers, and y has a 0: it says where.</exception>
    public Tensor FloorDivide(Tensor other) => Binary.Apply(
        new FloorDivideOp(), Divisors.Dividend("FloorDivide", this, other.Given(), nameof(other)), other);

    /// <summary>x = ⌊x/y⌋, in place.</summary>
    /// <inheritdoc cref="FloorDivide"/>
    public Tensor FloorDivideInPlace(Tensor other) => Binary.ApplyInPlace(
        new FloorDivideOp(), Divisors.Dividend("FloorDivideInPlace", this, other.Given(), nameof(other)), other);
}

/// <summary>z = ⌊x/y⌋,   ∂z/∂x = ∂z/∂y = 0.</summary>
// Of the exact quotient: 1/0.1 is rounded to 10, and ⌊1/0.1⌋ is 9, as 0.1 is a little more than a tenth.
internal readonly struct FloorDivideOp : IBinaryPrimitive
{
    public static string Name => "floor_divide";
    public static OpInfo Info => new()
    {
        Formula = "floor(x/y)",
        Torch = "torch.div(x, y, rounding_mode=\"floor\")",
        FormulaNames = ["floor_divide"],
    };
    public static Saves Saves => Saves.None;
    public static bool IsLong => true;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Reads SlopeXReads => Reads.None;
    public static Reads SlopeYReads => Reads.None;
    public static Domain DomainX => new(2.1, 2.9);
    public static Domain DomainY => new(1.5, 1.9);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<FloorDivideOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.FloorDivide<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>⌊x/y⌋ of the exact quotient.</summary>
        public V FloorDivide(V y) => V.Apply<FloorDivideOp>(x, y);
    }
}
