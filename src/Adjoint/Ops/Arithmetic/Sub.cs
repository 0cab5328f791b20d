namespace Adjoint;

public partial class Tensor
{
    /// <summary>x − y, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand, a tensor or a number; the shapes broadcast.</param>
    public Tensor Sub(Tensor other) => Binary.Apply(new SubOp(), this, other.Given());

    /// <summary>x − α·y, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <param name="alpha">The factor of <paramref name="other"/>.</param>
    /// <exception cref="DTypeException">α is real and both tensors are of integers, or α is true.</exception>
    public Tensor Sub(Tensor other, Number alpha) => SubScaledOp.Apply(this, other.Given(), alpha);

    /// <summary>x −= y, in place.</summary>
    public Tensor SubInPlace(Tensor other) => Binary.ApplyInPlace(new SubOp(), this, other.Given());

    /// <summary>x −= α·y, in place.</summary>
    public Tensor SubInPlace(Tensor other, Number alpha) => SubScaledOp.ApplyInPlace(this, other.Given(), alpha);
}

/// <summary>z = x − y,   ∂z/∂x = 1,   ∂z/∂y = −1.</summary>
internal readonly struct SubOp : IBinaryOp
{
    public static string Name => "sub";
    public static OpInfo Info => new() { Formula = "x - y", Torch = "x - y", Onnx = "Sub" };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x - y;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(-1);
}
