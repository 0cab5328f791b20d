using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for x > t, otherwise v, element by element.</summary>
    /// <param name="threshold">t.</param>
    /// <param name="value">v.</param>
    public Tensor Threshold(double threshold, double value) => Unary.Apply(new ThresholdOp(threshold, value), this);

    /// <summary>x = v where it is not above t, in place.</summary>
    /// <inheritdoc cref="Threshold(double, double)"/>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor ThresholdInPlace(double threshold, double value) => Unary.ApplyInPlace(new ThresholdOp(threshold, value), this);
}

/// <summary>y = x for x > t, else v,   dy/dx = 0 for x ≤ t, else 1.</summary>
internal readonly struct ThresholdOp(double threshold, double value) : IUnaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("threshold", threshold);
        to.Add("value", value);
    }

    public static string Name => "threshold";
    public static OpInfo Info => new()
    {
        Formula = "if(x > t, x, v)",
        Torch = "F.threshold(x, t, v)",
        Module = "Threshold(threshold={threshold: any number}, value={value: any number, NaN too}{inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => new(1.5, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(threshold), x, x, V.IfEqual(x, x, V.Constant(value), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
            V.IfLess(x, V.Constant(threshold), V.Constant(0), V.IfEqual(x, V.Constant(threshold), V.Constant(0), V.Constant(1)));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x for x > t, otherwise v.</summary>
        public V Threshold(double threshold, double value) => V.Apply(new ThresholdOp(threshold, value), x);
    }
}
