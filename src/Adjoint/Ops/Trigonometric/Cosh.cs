namespace Adjoint;

public partial class Tensor
{
    /// <summary>The hyperbolic cosine, element by element.</summary>
    public Tensor Cosh() => Unary.Apply(new CoshOp(), this);

    /// <summary>x = cosh x, in place: <see cref="Cosh"/>.</summary>
    public Tensor CoshInPlace() => Unary.ApplyInPlace(new CoshOp(), this);
}

/// <summary>y = cosh x,   dy/dx = sinh x.</summary>
internal readonly struct CoshOp : IPrimitive
{
    public static string Name => "cosh";
    public static OpInfo Info => new()
    {
        Formula = "cosh(x)",
        Torch = "torch.cosh(x)",
        FormulaNames = ["cosh"],
        NamesElsewhere = ["ch"],
        Latex = @"\cosh",
        DotNet = "Math.Cosh",
        Onnx = "Cosh",
        Inverse = "acosh",
        Facts = OpFacts.Even | OpFacts.NotNegative | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (2, 2),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<CoshOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<SinhOp>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Cosh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>cosh x.</summary>
        public V Cosh() => V.Apply<CoshOp>(x);
    }
}
