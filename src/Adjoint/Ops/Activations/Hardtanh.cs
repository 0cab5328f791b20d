namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// min(max(x, a), b), element by element; unlike <see cref="Tensor.Clamp(Number?, Number?)"/> with no gradient on the bounds.
    /// </summary>
    /// <param name="minVal">a.</param>
    /// <param name="maxVal">b.</param>
    public Tensor Hardtanh(double minVal = -1, double maxVal = 1) => Unary.Apply(new HardtanhOp(minVal, maxVal), this);

    /// <summary>x = min(max(x, a), b), in place.</summary>
    /// <inheritdoc cref="Hardtanh(double, double)"/>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor HardtanhInPlace(double minVal = -1, double maxVal = 1) => Unary.ApplyInPlace(new HardtanhOp(minVal, maxVal), this);
}

/// <summary>y = min(max(x, a), b),   dy/dx = 1 for a &lt; x &lt; b, else 0.</summary>
internal readonly struct HardtanhOp(double min, double max) : IUnaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("min", min);
        to.Add("max", max);
    }

    public static string Name => "hardtanh";
    public static OpInfo Info => new()
    {
        Formula = "if(x > a, if(x < b, x, b), a)",
        Torch = "F.hardtanh(x, a, b)",
        FormulaNames = ["hardtanh"],
        Onnx = "Clip",
        Facts = OpFacts.Whole,
        Module = "Hardtanh(min_val={minVal: any number below maxVal}, max_val={maxVal: any number above minVal}{inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(-1, 1);
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
            V.IfLess(x, V.Constant(max), V.IfLess(V.Constant(min), x, x, V.Constant(min)), V.IfEqual(x, x, V.Constant(max), x));
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(min), x, V.IfLess(x, V.Constant(max), V.Constant(1), V.Constant(0)), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(max(x, a), b).</summary>
        public V Hardtanh(double minVal = -1, double maxVal = 1) => V.Apply(new HardtanhOp(minVal, maxVal), x);
    }
}
