using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The normalised sine cardinal sin(πx)/(πx), element by element; 1 at 0.</summary>
    public Tensor Sinc() => Unary.Apply(new SincOp(), this);

    /// <summary>x = sinc x, in place: <see cref="Sinc"/>.</summary>
    public Tensor SincInPlace() => Unary.ApplyInPlace(new SincOp(), this);
}

/// <summary>y = sin(πx)/(πx), 1 at 0,   dy/dx = (cos(πx) − y)/x; both by their series Σ (−1)ᵏ(πx)²ᵏ/(2k + 1)! for |πx| &lt; 2.</summary>
/// <remarks>
/// // Note [Series near a removable pole]
/// A quotient of differences that vanish together loses all its digits near 0, one division more for each order of the derivative.
/// The series loses none, and is a polynomial: whatever reads the formula (a dual number, a Taylor series, a tensor with history) gets
/// the derivatives of every order from it. The quotient is read beside it, so it gets an argument it does not mind.
/// </remarks>
internal readonly struct SincOp : IUnaryOp
{
    public static string Name => "sinc";
    public static OpInfo Info => new()
    {
        Formula = "if(x = 0, 1, sin(pi*x)/(pi*x))",
        Torch = "torch.sinc(x)",
        FormulaNames = ["sinc"],
        Facts = OpFacts.Whole,
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V>
    {
        if (V.IsFormula) return ValueToRead(x);
        V u = x * Math.PI, size = u.Abs(), far = V.IfLess(size, V.Constant(Near), V.Constant(Near), u);
        return V.IfLess(size, V.Constant(Near), Series(u * u, s_value), V.Inlined<SinOp>(far) / far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        if (V.IsFormula) return SlopeToRead(x);
        V u = x * Math.PI, size = u.Abs(), far = V.IfLess(size, V.Constant(Near), V.Constant(Near), u);
        return Math.PI
            * V.IfLess(size, V.Constant(Near), u * Series(u * u, s_slope), (V.Inlined<CosOp>(far) - V.Inlined<SinOp>(far) / far) / far);
    }

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V ValueToRead<V>(V x)
        where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), V.Constant(1), (x * Math.PI).Sin() / (x * Math.PI));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V SlopeToRead<V>(V x) where V : IAlgebra<V> =>
        V.IfEqual(x, V.Constant(0), x * (-Math.PI * Math.PI / 3), ((x * Math.PI).Cos() - V.Apply(default(SincOp), x)) / x);

    private const double Near = 2;

    // (−1)ᵏ/(2k + 1)!, and that times 2k from k = 1 on: at |u| = 2 the next term is below 1e-17.
    private static readonly double[] s_value = Coefficients(0, k => 1), s_slope = Coefficients(1, k => 2 * k);

    private static double[] Coefficients(int first, Func<int, double> factor)
    {
        var coefficients = new double[14];
        for (int k = 0; k < coefficients.Length; k++)
        {
            double value = factor(k + first) * ((k + first) % 2 == 0 ? 1 : -1);
            for (int i = 2; i <= 2 * (k + first) + 1; i++) value /= i;
            coefficients[k] = value;
        }
        return coefficients;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Series<V>(V square, double[] coefficients) where V : IAlgebra<V>
    {
        V sum = V.Constant(coefficients[^1]);
        for (int k = coefficients.Length - 2; k >= 0; k--) sum = sum * square + coefficients[k];
        return sum;
    }
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>sin(πx)/(πx), 1 at 0.</summary>
        public V Sinc() => V.Apply(default(SincOp), x);
    }
}

public static partial class Special
{
    /// <summary>sin(πx)/(πx): torch.special.sinc, <see cref="Tensor.Sinc()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Sinc(Tensor x) => x.Given().Sinc();
}
