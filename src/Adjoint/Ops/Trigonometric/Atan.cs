namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse tangent, element by element.</summary>
    public Tensor Atan() => Unary.Apply(new AtanOp(), this);

    /// <summary>x = atan x, in place: <see cref="Atan"/>.</summary>
    public Tensor AtanInPlace() => Unary.ApplyInPlace(new AtanOp(), this);
}

/// <summary>y = arctan x,   dy/dx = 1/(x² + 1).</summary>
internal readonly struct AtanOp : IPrimitive
{
    public static string Name => "atan";
    public static OpInfo Info => new()
    {
        Formula = "atan(x)",
        Torch = "torch.atan(x)",
        FormulaNames = ["atan", "arctan"],
        NamesElsewhere = ["arctg"],
        Latex = @"\arctan",
        DotNet = "Math.Atan",
        Onnx = "Atan",
        Inverse = "tan",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth,
        Ulps = (3, 3),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AtanOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / (x * x + 1);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Atan<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>arctan x.</summary>
        public V Atan() => V.Apply<AtanOp>(x);
    }
}
