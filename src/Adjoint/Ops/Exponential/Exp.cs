namespace Adjoint;

public partial class Tensor
{
    /// <summary>eˣ, element by element.</summary>
    public Tensor Exp() => Unary.Apply(new ExpOp(), this);

    /// <summary>x = eˣ, in place.</summary>
    public Tensor ExpInPlace() => Unary.ApplyInPlace(new ExpOp(), this);
}

/// <summary>y = eˣ,   dy/dx = y.</summary>
internal readonly struct ExpOp : IPrimitive
{
    public static string Name => "exp";
    public static OpInfo Info => new()
    {
        Formula = "exp(x)",
        Torch = "torch.exp(x)",
        FormulaNames = ["exp"],
        DotNet = "Math.Exp",
        Onnx = "Exp",
        Inverse = "log",
        Facts = OpFacts.NotNegative | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ExpOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => y;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Exp<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>eˣ.</summary>
        public V Exp() => V.Apply<ExpOp>(x);
    }
}
