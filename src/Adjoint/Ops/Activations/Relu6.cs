namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(max(x, 0), 6), element by element.</summary>
    public Tensor Relu6() => Unary.Apply(new Relu6Op(), this);

    /// <summary>x = min(max(x, 0), 6), in place.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor Relu6InPlace() => Tensor.Speaking("Relu6InPlace", () => Unary.ApplyInPlace(new Relu6Op(), this));
}

/// <summary>y = min(max(x, 0), 6),   dy/dx = 1 for 0 &lt; x &lt; 6, else 0.</summary>
internal readonly struct Relu6Op : IUnaryOp
{
    public static string Name => "hardtanh";
    public static OpInfo Info => new()
    {
        Formula = "min(max(x, 0), 6)",
        Torch = "F.relu6(x)",
        FormulaNames = ["relu6"],
        Facts = OpFacts.Whole,
        Module = "ReLU6({inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => new Domain(-3, 9).Without(0, 6);
    public V Value<V>(V x) where V : IAlgebra<V> => new HardtanhOp(0, 6).Value(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => new HardtanhOp(0, 6).Slope(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(max(x, 0), 6).</summary>
        public V Relu6() => V.Apply(default(Relu6Op), x);
    }
}
