namespace Adjoint;

public partial class Tensor
{
    /// <summary>eˣ − 1, element by element, accurate near 0.</summary>
    public Tensor Expm1() => Unary.Apply(new Expm1Op(), this);

    /// <summary>x = expm1 x, in place: <see cref="Expm1"/>.</summary>
    public Tensor Expm1InPlace() => Unary.ApplyInPlace(new Expm1Op(), this);
}

/// <summary>y = eˣ − 1,   dy/dx = y + 1.</summary>
internal readonly struct Expm1Op : IPrimitive
{
    public static string Name => "expm1";
    public static OpInfo Info => new()
    {
        Formula = "exp(x) - 1",
        Torch = "torch.expm1(x)",
        FormulaNames = ["expm1"],
        DotNet = "double.ExpM1",
        Inverse = "log1p",
        Facts = OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (2, 2),
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<Expm1Op>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => y + 1;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Expm1<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>eˣ − 1.</summary>
        public V Expm1() => V.Apply<Expm1Op>(x);
    }
}

public static partial class Special
{
    /// <summary>eˣ − 1: torch.special.expm1, <see cref="Tensor.Expm1()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Expm1(Tensor x) => x.Given().Expm1();
}
