namespace Adjoint;

public partial class Tensor
{
    /// <summary>The tangent, element by element.</summary>
    public Tensor Tan() => Unary.Apply(new TanOp(), this);

    /// <summary>x = tan x, in place: <see cref="Tan"/>.</summary>
    public Tensor TanInPlace() => Unary.ApplyInPlace(new TanOp(), this);
}

/// <summary>y = tan x,   dy/dx = 1 + y².</summary>
internal readonly struct TanOp : IPrimitive
{
    public static string Name => "tan";
    public static OpInfo Info => new()
    {
        Formula = "tan(x)",
        Torch = "torch.tan(x)",
        FormulaNames = ["tan"],
        NamesElsewhere = ["tg"],
        Latex = @"\tan",
        DotNet = "Math.Tan",
        Onnx = "Tan",
        Inverse = "atan",
        Facts = OpFacts.Odd | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (4, 4),
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public static Domain Domain => new(-1.2, 1.2);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<TanOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => y * y + 1;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Tan<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>tan x.</summary>
        public V Tan() => V.Apply<TanOp>(x);
    }
}
