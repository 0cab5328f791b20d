namespace Adjoint;

public static partial class Special
{
    /// <summary>The x whose Φ(x) is the element, element by element: ∓∞ at 0 and 1, NaN beyond: torch.special.ndtri.</summary>
    /// <param name="x">x.</param>
    public static Tensor Ndtri(Tensor x) => Unary.Apply(new NdtriOp(), x.Given());
}

/// <summary>Φ(y) = x,   dy/dx = √(2π)·e^(y²/2).</summary>
internal readonly struct NdtriOp : IPrimitive
{
    public static string Name => "ndtri";
    public static OpInfo Info => new()
    {
        Formula = "ndtri(x)",
        Torch = "torch.special.ndtri(x)",
        FormulaNames = ["ndtri"],
        Ulps = (6, 6),
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public static Domain Domain => new(0.1, 0.9);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<NdtriOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ExpOp>(y * y * 0.5) * 2.5066282746310002;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Ndtri<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The x whose Φ(x) is the element, element by element: ∓∞ at 0 and 1, NaN beyond.</summary>
        public V Ndtri() => V.Apply<NdtriOp>(x);
    }
}
