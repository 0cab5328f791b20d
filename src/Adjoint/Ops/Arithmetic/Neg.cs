namespace Adjoint;

public partial class Tensor
{
    /// <summary>−x, element by element.</summary>
    public Tensor Neg() => Unary.Apply(new NegOp(), this);

    /// <summary>x = −x, in place.</summary>
    public Tensor NegInPlace() => Unary.ApplyInPlace(new NegOp(), this);
}

/// <summary>y = −x,   dy/dx = −1.</summary>
internal readonly struct NegOp : IUnaryOp
{
    public static string Name => "neg";
    public static OpInfo Info => new() { Formula = "-x", Torch = "-x", Onnx = "Neg" };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public V Value<V>(V x) where V : IAlgebra<V> => -x;
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(-1);
}
