namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse hyperbolic sine, element by element.</summary>
    public Tensor Asinh() => Unary.Apply(new AsinhOp(), this);

    /// <summary>x = asinh x, in place: <see cref="Asinh"/>.</summary>
    public Tensor AsinhInPlace() => Unary.ApplyInPlace(new AsinhOp(), this);
}

/// <summary>y = arsinh x,   dy/dx = 1/√(x² + 1).</summary>
internal readonly struct AsinhOp : IPrimitive
{
    public static string Name => "asinh";
    public static OpInfo Info => new()
    {
        Formula = "asinh(x)",
        Torch = "torch.asinh(x)",
        FormulaNames = ["asinh"],
        NamesElsewhere = ["arsinh"],
        DotNet = "Math.Asinh",
        Onnx = "Asinh",
        Inverse = "sinh",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (4, 4),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AsinhOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IsFormula ? (x * x + 1).Rsqrt() : 1 / V.Inlined<HypotOp>(x, V.Constant(1));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Asinh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>arsinh x.</summary>
        public V Asinh() => V.Apply<AsinhOp>(x);
    }
}
