namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse hyperbolic cosine, element by element; NaN below 1.</summary>
    public Tensor Acosh() => Unary.Apply(new AcoshOp(), this);

    /// <summary>x = acosh x, in place: <see cref="Acosh"/>.</summary>
    public Tensor AcoshInPlace() => Unary.ApplyInPlace(new AcoshOp(), this);
}

/// <summary>y = arcosh x,   dy/dx = 1/√(x² − 1).</summary>
internal readonly struct AcoshOp : IPrimitive
{
    public static string Name => "acosh";
    public static OpInfo Info => new()
    {
        Formula = "acosh(x)",
        Torch = "torch.acosh(x)",
        FormulaNames = ["acosh"],
        NamesElsewhere = ["arcosh"],
        DotNet = "Math.Acosh",
        Onnx = "Acosh",
        Inverse = "cosh",
        Facts = OpFacts.Smooth,
        Ulps = (4, 4),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(1.1, 3);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AcoshOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => (x * x - 1).Rsqrt();
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Acosh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>arcosh x.</summary>
        public V Acosh() => V.Apply<AcoshOp>(x);
    }
}
