namespace Adjoint;

public partial class Tensor
{
    /// <summary>The logarithm to base 10, element by element.</summary>
    public Tensor Log10() => Unary.Apply(new Log10Op(), this);

    /// <summary>x = log10 x, in place: <see cref="Log10"/>.</summary>
    public Tensor Log10InPlace() => Unary.ApplyInPlace(new Log10Op(), this);
}

/// <summary>y = log₁₀ x,   dy/dx = 1/(x·ln 10).</summary>
internal readonly struct Log10Op : IPrimitive
{
    public static string Name => "log10";
    public static OpInfo Info => new()
    {
        Formula = "ln(x)/ln(10)",
        Torch = "torch.log10(x)",
        FormulaNames = ["log10"],
        NamesElsewhere = ["lg"],
        Latex = @"\log_{10}",
        DotNet = "Math.Log10",
        Facts = OpFacts.Smooth,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<Log10Op>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / (x * Math.Log(10));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Log10<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>log₁₀ x.</summary>
        public V Log10() => V.Apply<Log10Op>(x);
    }
}
