namespace Adjoint.Kernels;

/// <summary>1 where x is 0, else 0.</summary>
internal readonly struct LogicalNot : IUnaryOp
{
    public static string Name => "logical_not";
    public static Saves Saves => Saves.None;
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), V.Constant(1), V.Constant(0));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
}

/// <summary>1 where both x and y are, else 0. As in the next ones, x and y are 0 or 1.</summary>
internal readonly struct LogicalAnd : IBinaryOp
{
    public static string Name => "logical_and";
    public static Saves Saves => Saves.None;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
}

/// <summary>0 where both x and y are, else 1.</summary>
internal readonly struct LogicalOr : IBinaryOp
{
    public static string Name => "logical_or";
    public static Saves Saves => Saves.None;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), y, x);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
}

/// <summary>1 where x and y differ, else 0.</summary>
internal readonly struct LogicalXor : IBinaryOp
{
    public static string Name => "logical_xor";
    public static Saves Saves => Saves.None;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, y, V.Constant(0), V.Constant(1));
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);
}
