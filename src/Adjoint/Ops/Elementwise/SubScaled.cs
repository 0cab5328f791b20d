namespace Adjoint;

/// <summary>z = x − α·y,   ∂z/∂x = 1,   ∂z/∂y = −α.</summary>
internal readonly struct SubScaledOp(double alpha) : IBinaryOp
{
    public static string Name => "sub";
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => x - alpha * y;
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(1);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(-alpha);
}
