namespace Adjoint;

public partial class Tensor
{
    /// <summary>other − x, element by element, with broadcasting: <see cref="Sub(Tensor)"/> with its operands exchanged.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Rsub(Tensor other) => Binary.Apply(new RsubOp(), this, other.Given());
}

/// <summary>z = y − x,   ∂z/∂x = −1,   ∂z/∂y = 1.</summary>
internal readonly struct RsubOp : IBinaryOp
{
    public static string Name => "rsub";
    public static int Overload => 1;
    public static OpInfo Info => new() { Formula = "y - x", Torch = "torch.rsub(x, y)" };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => y - x;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(-1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
}
