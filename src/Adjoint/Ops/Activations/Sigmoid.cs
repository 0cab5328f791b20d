namespace Adjoint;

public partial class Tensor
{
    /// <summary>The logistic function 1/(1 + e⁻ˣ), element by element.</summary>
    public Tensor Sigmoid() => Unary.Apply(new SigmoidOp(), this);

    /// <summary>x = σ(x), in place.</summary>
    public Tensor SigmoidInPlace() => Unary.ApplyInPlace(new SigmoidOp(), this);
}

/// <summary>y = 1/(1 + e⁻ˣ),   dy/dx = y·(1 − y).</summary>
internal readonly struct SigmoidOp : IPrimitive
{
    public static string Name => "sigmoid";
    public static OpInfo Info => new()
    {
        Formula = "1/(1 + exp(-x))",
        Torch = "torch.sigmoid(x)",
        FormulaNames = ["sigmoid"],
        Onnx = "Sigmoid",
        Inverse = "logit",
        Facts = OpFacts.NotNegative | OpFacts.Total | OpFacts.Smooth,
        Ulps = (2.5, 2.5),
        Module = "Sigmoid()",
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<SigmoidOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => y * (1 - y);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Sigmoid<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>1/(1 + e⁻ˣ).</summary>
        public V Sigmoid() => V.Apply<SigmoidOp>(x);
    }
}

public static partial class Special
{
    /// <summary>1/(1 + e⁻ˣ): torch.special.expit, <see cref="Tensor.Sigmoid()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Expit(Tensor x) => x.Given().Sigmoid();
}
