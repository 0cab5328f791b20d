namespace Adjoint;

public partial class Tensor
{
    /// <summary>The hyperbolic tangent, element by element.</summary>
    public Tensor Tanh() => Unary.Apply(new TanhOp(), this);

    /// <summary>x = tanh x, in place.</summary>
    public Tensor TanhInPlace() => Unary.ApplyInPlace(new TanhOp(), this);
}

/// <summary>y = tanh x,   dy/dx = 1 − y².</summary>
internal readonly struct TanhOp : IPrimitive
{
    public static string Name => "tanh";
    public static OpInfo Info => new()
    {
        Formula = "tanh(x)",
        Torch = "torch.tanh(x)",
        FormulaNames = ["tanh"],
        NamesElsewhere = ["th"],
        Latex = @"\tanh",
        DotNet = "Math.Tanh",
        Onnx = "Tanh",
        Inverse = "atanh",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
        Module = "Tanh()",
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<TanhOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 - y * y;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Tanh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>tanh x.</summary>
        public V Tanh() => V.Apply<TanhOp>(x);
    }
}
