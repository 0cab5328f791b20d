namespace Adjoint;

public partial class Tensor
{
    /// <summary>x/(x + y), element by element, with broadcasting.</summary>
    /// <param name="other">y.</param>
    public Tensor Share(Tensor other) => Binary.Apply(new ShareOp(), this, other.Given());
}

/// <summary>z = x/(x + y),   ∂z/∂x = y/(x + y)²,   ∂z/∂y = −x/(x + y)².</summary>
internal readonly struct ShareOp : IBinaryOp
{
    public static string Name => "share";
    public static OpInfo Info => new() { Formula = "x/(x + y)", Torch = "x / (x + y)" };
    public static Saves Saves => Saves.Input;
    public static Domain DomainX => Domain.Positive;
    public static Domain DomainY => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x / (x + y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => y / ((x + y) * (x + y));
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -x / ((x + y) * (x + y));
}
