namespace Adjoint;

public partial class Tensor
{
    /// <summary>x / y, element by element, with broadcasting.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Div(Tensor other) => Binary.Apply(new DivOp(), this, other.Given());

    /// <summary>x /= y, in place.</summary>
    public Tensor DivInPlace(Tensor other) => Binary.ApplyInPlace(new DivOp(), this, other.Given());
}

/// <summary>z = x/y,   ∂z/∂x = 1/y,   ∂z/∂y = −x/y².</summary>
internal readonly struct DivOp : IBinaryOp
{
    public static string Name => "div";
    public static OpInfo Info => new() { Formula = "x/y", Torch = "x / y", Onnx = "Div" };
    public static Saves Saves => Saves.Input;
    public static Reads SlopeXReads => Reads.Y;
    public static Domain DomainY => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x / y;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => ArithmeticRule.QuotientByX(y);
    // See Note [Product and quotient rule].
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -(x / y / y);
}

public static partial class OpTable
{
    private static Op DivInteger => Op.Of(OpKind.Composite, "div_integer", x => x / 3 * x, Matrix,
        new() { Formula = "x/3·x", Torch = "x / 3 * x" });
}
