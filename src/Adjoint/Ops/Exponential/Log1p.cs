namespace Adjoint;

public partial class Tensor
{
    /// <summary>ln(1 + x), element by element, accurate near 0.</summary>
    public Tensor Log1p() => Unary.Apply(new Log1pOp(), this);

    /// <summary>x = log1p x, in place: <see cref="Log1p"/>.</summary>
    public Tensor Log1pInPlace() => Unary.ApplyInPlace(new Log1pOp(), this);
}

/// <summary>y = ln(1 + x),   dy/dx = 1/(1 + x).</summary>
internal readonly struct Log1pOp : IPrimitive
{
    public static string Name => "log1p";
    public static OpInfo Info => new()
    {
        Formula = "ln(1 + x)",
        Torch = "torch.log1p(x)",
        FormulaNames = ["log1p"],
        DotNet = "double.LogP1",
        Inverse = "expm1",
        Facts = OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (2, 2),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(-0.5, 2);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<Log1pOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / (x + 1);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Log1p<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln(1 + x).</summary>
        public V Log1p() => V.Apply<Log1pOp>(x);
    }
}

public static partial class Special
{
    /// <summary>ln(1 + x): torch.special.log1p, <see cref="Tensor.Log1p()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Log1p(Tensor x) => x.Given().Log1p();
}
