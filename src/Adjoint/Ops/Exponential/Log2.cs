namespace Adjoint;

public partial class Tensor
{
    /// <summary>The logarithm to base 2, element by element.</summary>
    public Tensor Log2() => Unary.Apply(new Log2Op(), this);

    /// <summary>x = log2 x, in place: <see cref="Log2"/>.</summary>
    public Tensor Log2InPlace() => Unary.ApplyInPlace(new Log2Op(), this);
}

/// <summary>y = log₂ x,   dy/dx = 1/(x·ln 2).</summary>
internal readonly struct Log2Op : IPrimitive
{
    public static string Name => "log2";
    public static OpInfo Info => new()
    {
        Formula = "ln(x)/ln(2)",
        Torch = "torch.log2(x)",
        FormulaNames = ["log2"],
        NamesElsewhere = ["ld", "lb"],
        Latex = @"\log_{2}",
        DotNet = "Math.Log2",
        Inverse = "exp2",
        Facts = OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<Log2Op>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / (x * Math.Log(2));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Log2<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>log₂ x.</summary>
        public V Log2() => V.Apply<Log2Op>(x);
    }
}
