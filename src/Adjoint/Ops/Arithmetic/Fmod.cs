namespace Adjoint;

public partial class Tensor
{
    /// <summary>The remainder of x/y with the sign of x, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ArgumentException">Both are of integers, and y has a 0: it says where.</exception>
    public Tensor Fmod(Tensor other) => Fmod(other.Given(), nameof(other));

    private Tensor Fmod(Tensor divisors, string name) =>
        Binary.Apply(new FmodOp(), Divisors.Dividend("Fmod", this, divisors, name), divisors);

    /// <summary>x = the remainder of x/y with the sign of x, in place.</summary>
    /// <inheritdoc cref="Fmod(Tensor)"/>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor FmodInPlace(Tensor other) => Binary.ApplyInPlace(
        new FmodOp(), Divisors.Dividend("FmodInPlace", this, other.Given(), nameof(other)), other);
}

/// <summary>z = x − y·trunc(x/y), with the sign of x,   ∂z/∂x = 1,   ∂z/∂y = −trunc(x/y).</summary>
internal readonly struct FmodOp : IBinaryPrimitive
{
    public static string Name => "fmod";
    public static int Overload => 1;
    public static OpInfo Info => new()
    {
        Formula = "x - y*trunc(x/y)",
        Torch = "torch.fmod(x, y)",
        FormulaNames = ["fmod"],
        Onnx = "Mod",
        Ulps = (0, 0),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Reads SlopeXReads => Reads.None;
    public static bool KeepsIntegers => true;
    public static Domain DomainX => new(2.1, 2.9);
    public static Domain DomainY => new(1.5, 1.9);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<FmodOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -(x / y).Trunc();
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Fmod<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The remainder of x/y with the sign of x.</summary>
        public V Fmod(V y) => V.Apply<FmodOp>(x, y);
    }
}
