namespace Adjoint;

public partial class Tensor
{
    /// <summary>The hyperbolic sine, element by element.</summary>
    public Tensor Sinh() => Unary.Apply(new SinhOp(), this);

    /// <summary>x = sinh x, in place: <see cref="Sinh"/>.</summary>
    public Tensor SinhInPlace() => Unary.ApplyInPlace(new SinhOp(), this);
}

/// <summary>y = sinh x,   dy/dx = cosh x.</summary>
internal readonly struct SinhOp : IPrimitive
{
    public static string Name => "sinh";
    public static OpInfo Info => new()
    {
        Formula = "sinh(x)",
        Torch = "torch.sinh(x)",
        FormulaNames = ["sinh"],
        NamesElsewhere = ["sh"],
        Latex = @"\sinh",
        DotNet = "Math.Sinh",
        Onnx = "Sinh",
        Inverse = "asinh",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (3, 3),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<SinhOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<CoshOp>(x);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Sinh<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>sinh x.</summary>
        public V Sinh() => V.Apply<SinhOp>(x);
    }
}
