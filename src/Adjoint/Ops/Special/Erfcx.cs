namespace Adjoint;

public static partial class Special
{
    /// <summary>e^x²·erfc x, element by element: erfc without its decay: torch.special.erfcx.</summary>
    /// <param name="x">x.</param>
    public static Tensor Erfcx(Tensor x) => Unary.Apply(new ErfcxOp(), x.Given());
}

/// <summary>y = e^x²·erfc x,   dy/dx = 2x·y − 2/√π.</summary>
internal readonly struct ErfcxOp : IPrimitive
{
    public static string Name => "erfcx";
    public static OpInfo Info => new()
    {
        Formula = "erfcx(x)",
        Torch = "torch.special.erfcx(x)",
        FormulaNames = ["erfcx"],
        Ulps = (6, 6),
        Facts = OpFacts.NotNegative | OpFacts.Total,
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ErfcxOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 2 * x * y - 1.1283791670955126;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Erfcx<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>e^x²·erfc x, element by element: erfc without its decay.</summary>
        public V Erfcx() => V.Apply<ErfcxOp>(x);
    }
}
