namespace Adjoint;

public partial class Tensor
{
    /// <summary>x · y, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Mul(Tensor other) => Binary.Apply(new MulOp(), this, other.Given());

    /// <summary>x ·= y, in place.</summary>
    public Tensor MulInPlace(Tensor other) => Binary.ApplyInPlace(new MulOp(), this, other.Given());
}

/// <summary>z = x·y,   ∂z/∂x = y,   ∂z/∂y = x.</summary>
internal readonly struct MulOp : IBinaryOp
{
    public static string Name => "mul";
    public static OpInfo Info => new() { Formula = "x*y", Torch = "x * y", Onnx = "Mul" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Reads SlopeXReads => Reads.Y;
    public static Reads SlopeYReads => Reads.X;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x * y;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => ArithmeticRule.ProductByX(x, y);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => ArithmeticRule.ProductByY(x, y);
}
