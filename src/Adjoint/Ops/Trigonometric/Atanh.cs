namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse hyperbolic tangent, element by element; NaN outside [−1, 1].</summary>
    public Tensor Atanh() => Unary.Apply(new AtanhOp(), this);

    /// <summary>x = atanh x, in place: <see cref="Atanh"/>.</summary>
    public Tensor AtanhInPlace() => Unary.ApplyInPlace(new AtanhOp(), this);
}

/// <summary>y = artanh x,   dy/dx = 1/(1 − x²).</summary>
internal readonly struct AtanhOp : IPrimitive
{
    public static string Name => "atanh";
    public static OpInfo Info => new()
    {
        Formula = "atanh(x)",
        Torch = "torch.atanh(x)",
        FormulaNames = ["atanh"],
        NamesElsewhere = ["artanh"],
        DotNet = "Math.Atanh",
        Onnx = "Atanh",
        Inverse = "tanh",
        Facts = OpFacts.Odd | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (4, 4),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Unit;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AtanhOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / (1 - x * x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Atanh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>artanh x.</summary>
        public V Atanh() => V.Apply<AtanhOp>(x);
    }
}
