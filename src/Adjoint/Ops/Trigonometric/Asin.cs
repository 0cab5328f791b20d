namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse sine, element by element; NaN outside [−1, 1].</summary>
    public Tensor Asin() => Unary.Apply(new AsinOp(), this);

    /// <summary>x = asin x, in place: <see cref="Asin"/>.</summary>
    public Tensor AsinInPlace() => Unary.ApplyInPlace(new AsinOp(), this);
}

/// <summary>y = arcsin x,   dy/dx = 1/√(1 − x²).</summary>
internal readonly struct AsinOp : IPrimitive
{
    public static string Name => "asin";
    public static OpInfo Info => new()
    {
        Formula = "asin(x)",
        Torch = "torch.asin(x)",
        FormulaNames = ["asin", "arcsin"],
        Latex = @"\arcsin",
        DotNet = "Math.Asin",
        Onnx = "Asin",
        Inverse = "sin",
        Facts = OpFacts.Odd | OpFacts.Smooth,
        Ulps = (3, 3),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Unit;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AsinOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => (1 - x * x).Rsqrt();
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Asin<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>arcsin x.</summary>
        public V Asin() => V.Apply<AsinOp>(x);
    }
}
