namespace Adjoint;

public partial class Tensor
{
    /// <summary>The fraction x − trunc x, with the sign of x, element by element.</summary>
    public Tensor Frac() => Unary.Apply(new FracOp(), this);

    /// <summary>x = frac x, in place: <see cref="Frac"/>.</summary>
    public Tensor FracInPlace() => Unary.ApplyInPlace(new FracOp(), this);
}

/// <summary>y = x − trunc x,   dy/dx = 1.</summary>
internal readonly struct FracOp : IUnaryOp
{
    public static string Name => "frac";
    public static OpInfo Info => new()
    {
        Formula = "x - trunc(x)",
        Torch = "torch.frac(x)",
        FormulaNames = ["frac"],
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.None;
    public static Domain Domain => Domain.Reals.Without(-2, -1, 0, 1, 2);
    public V Value<V>(V x) where V : IAlgebra<V> => x - V.Inlined<TruncOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(1);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x − trunc x.</summary>
        public V Frac() => V.Apply(default(FracOp), x);
    }
}
