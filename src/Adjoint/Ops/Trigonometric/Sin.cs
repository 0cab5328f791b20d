namespace Adjoint;

public partial class Tensor
{
    /// <summary>The sine, element by element.</summary>
    public Tensor Sin() => Unary.Apply(new SinOp(), this);

    /// <summary>x = sin x, in place.</summary>
    public Tensor SinInPlace() => Unary.ApplyInPlace(new SinOp(), this);
}

/// <summary>y = sin x,   dy/dx = cos x.</summary>
internal readonly struct SinOp : IPrimitive
{
    public static string Name => "sin";
    public static OpInfo Info => new()
    {
        Formula = "sin(x)",
        Torch = "torch.sin(x)",
        FormulaNames = ["sin"],
        Latex = @"\sin",
        DotNet = "Math.Sin",
        Onnx = "Sin",
        Inverse = "asin",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<SinOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<CosOp>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Sin<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>sin x.</summary>
        public V Sin() => V.Apply<SinOp>(x);
    }
}
