using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x rounded to so many decimals, ties to even, element by element: round(x·10ᵈ)/10ᵈ.</summary>
    /// <param name="decimals">d; a negative number rounds to tens, hundreds and so on.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Round(int decimals) => Unary.Apply(RoundDecimalsOp.Of("Round", this, decimals), this);

    /// <summary>x rounded to so many decimals, in place.</summary>
    /// <inheritdoc cref="Round(int)"/>
    public Tensor RoundInPlace(int decimals) => Unary.ApplyInPlace(RoundDecimalsOp.Of("RoundInPlace", this, decimals), this);
}

/// <summary>y = round(x·10ᵈ)/10ᵈ, ties to even,   dy/dx = 0.</summary>
internal readonly struct RoundDecimalsOp(double decimals) : IUnaryOp
{
    private readonly double _power = Math.Pow(10, Math.Abs(decimals));

    public void Describe(OpAttributes to) => to.Add("decimals", decimals);

    public static string Name => "round";
    public static int Overload => 1;
    public static OpInfo Info => new()
    {
        Formula = "round(x*10^d)/10^d",
        Torch = "torch.round(x, decimals=int(d))",
        Word = "Round",
    };
    public static Saves Saves => Saves.None;

    internal static RoundDecimalsOp Of(string operation, Tensor x, int decimals)
    {
        Reduction.RequireFloat(operation, x);
        return new RoundDecimalsOp(decimals);
    }

    // What is too large to be scaled has no decimals to be rounded; what is rounded to 0 is not multiplied by a power that is ∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V>
    {
        V power = V.Constant(_power);
        if (decimals < 0)
        {
            V tens = V.Inlined<RoundOp>(x / power);
            return V.IfEqual(tens, V.Constant(0), tens, tens * power);
        }
        V scaled = x * power;
        return V.IfLess(V.Inlined<AbsOp>(scaled), V.Constant(double.PositiveInfinity), V.Inlined<RoundOp>(scaled) / power, x);
    }

    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x rounded to so many decimals, ties to even.</summary>
        public V Round(int decimals) => V.Apply(new RoundDecimalsOp(decimals), x);
    }
}
