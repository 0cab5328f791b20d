using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The nearest whole number, ties to even, element by element.</summary>
    public Tensor Round() => Unary.Apply(new RoundOp(), this);

    /// <summary>x rounded to the nearest whole number, ties to even, in place.</summary>
    public Tensor RoundInPlace() => Unary.ApplyInPlace(new RoundOp(), this);
}

/// <summary>y = the whole number nearest to x, ties to even,   dy/dx = 0.</summary>
internal readonly struct RoundOp : IPrimitive
{
    public static string Name => "round";
    public static OpInfo Info => new()
    {
        Formula = "round(x)",
        Torch = "torch.round(x)",
        FormulaNames = ["round"],
        DotNet = "Math.Round",
        Onnx = "Round",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<RoundOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Round(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The nearest whole number, ties to even.</summary>
        public V Round() => V.Apply<RoundOp>(x);
    }
}

public static partial class Special
{
    /// <summary>To whole numbers, halves to even: torch.special.round, <see cref="Tensor.Round()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Round(Tensor x) => x.Given().Round();
}
