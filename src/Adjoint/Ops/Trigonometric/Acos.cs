namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse cosine, element by element; NaN outside [−1, 1].</summary>
    public Tensor Acos() => Unary.Apply(new AcosOp(), this);

    /// <summary>x = acos x, in place: <see cref="Acos"/>.</summary>
    public Tensor AcosInPlace() => Unary.ApplyInPlace(new AcosOp(), this);
}

/// <summary>y = arccos x,   dy/dx = −1/√(1 − x²).</summary>
internal readonly struct AcosOp : IPrimitive
{
    public static string Name => "acos";
    public static OpInfo Info => new()
    {
        Formula = "acos(x)",
        Torch = "torch.acos(x)",
        FormulaNames = ["acos", "arccos"],
        Latex = @"\arccos",
        DotNet = "Math.Acos",
        Onnx = "Acos",
        Inverse = "cos",
        Facts = OpFacts.Smooth,
        Ulps = (3, 3),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Unit;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AcosOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -(1 - x * x).Rsqrt();
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Acos<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>arccos x.</summary>
        public V Acos() => V.Apply<AcosOp>(x);
    }
}
