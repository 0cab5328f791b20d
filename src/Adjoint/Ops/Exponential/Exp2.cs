namespace Adjoint;

public partial class Tensor
{
    /// <summary>2ˣ, element by element.</summary>
    public Tensor Exp2() => Unary.Apply(new Exp2Op(), this);

    /// <summary>x = exp2 x, in place: <see cref="Exp2"/>.</summary>
    public Tensor Exp2InPlace() => Unary.ApplyInPlace(new Exp2Op(), this);
}

/// <summary>y = 2ˣ,   dy/dx = y·ln 2.</summary>
internal readonly struct Exp2Op : IPrimitive
{
    public static string Name => "exp2";
    public static OpInfo Info => new()
    {
        Formula = "2^x",
        Torch = "torch.exp2(x)",
        FormulaNames = ["exp2"],
        DotNet = "double.Exp2",
        Inverse = "log2",
        Facts = OpFacts.Total | OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Output;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<Exp2Op>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => y * Math.Log(2);
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Exp2<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>2ˣ.</summary>
        public V Exp2() => V.Apply<Exp2Op>(x);
    }
}

public static partial class Special
{
    /// <summary>2ˣ: torch.special.exp2, <see cref="Tensor.Exp2()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Exp2(Tensor x) => x.Given().Exp2();
}
