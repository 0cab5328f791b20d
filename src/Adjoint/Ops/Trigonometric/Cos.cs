namespace Adjoint;

public partial class Tensor
{
    /// <summary>The cosine, element by element.</summary>
    public Tensor Cos() => Unary.Apply(new CosOp(), this);

    /// <summary>x = cos x, in place.</summary>
    public Tensor CosInPlace() => Unary.ApplyInPlace(new CosOp(), this);
}

/// <summary>y = cos x,   dy/dx = −sin x.</summary>
internal readonly struct CosOp : IPrimitive
{
    public static string Name => "cos";
    public static OpInfo Info => new()
    {
        Formula = "cos(x)",
        Torch = "torch.cos(x)",
        FormulaNames = ["cos"],
        Latex = @"\cos",
        DotNet = "Math.Cos",
        Onnx = "Cos",
        Inverse = "acos",
        Facts = OpFacts.Even | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<CosOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -V.Inlined<SinOp>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Cos<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>cos x.</summary>
        public V Cos() => V.Apply<CosOp>(x);
    }
}
