using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(max(x, a), b), element by element; the gradient passes on the bounds and between them.</summary>
    /// <param name="min">a; null for no lower bound.</param>
    /// <param name="max">b; null for no upper bound.</param>
    /// <exception cref="ArgumentException">Both bounds are null.</exception>
    /// <exception cref="DTypeException">A bound is out of the range of the dtype, which is one of integers.</exception>
    public Tensor Clamp(Number? min = null, Number? max = null) => min is null && max is null
        ? throw new ArgumentException("Clamp: both bounds are null; give min, max or both.")
        : NumberBounds.Apply(
            this, min, max, new ClampOp(min?.ToDouble() ?? double.NegativeInfinity, max?.ToDouble() ?? double.PositiveInfinity));

    /// <summary>x limited to [min, max], in place.</summary>
    /// <inheritdoc cref="Clamp(Number?, Number?)"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor ClampInPlace(Number? min = null, Number? max = null) => min is null && max is null
        ? throw new ArgumentException("ClampInPlace: both bounds are null; give min, max or both.")
        : NumberBounds.InPlace(
            "clamp", this, min, max,
            new ClampOp(min?.ToDouble() ?? double.NegativeInfinity, max?.ToDouble() ?? double.PositiveInfinity));
}

/// <summary>Bounds that are numbers. Those of integers are compared as integers, which no double is above 2⁵³.</summary>
internal static class NumberBounds
{
    internal static Tensor Apply<TOp>(Tensor x, Number? min, Number? max, TOp op) where TOp : struct, IUnaryOp
    {
        x = Promotion.WithNumbers(x, min, max);
        return x.DType.IsFloatingPoint ? Unary.Apply(op, x) : OfIntegers(x, min, max);
    }

    internal static Tensor InPlace<TOp>(string operation, Tensor x, Number? min, Number? max, TOp op) where TOp : struct, IUnaryOp =>
        Promotion.Holding(operation, x, min, max).DType.IsFloatingPoint
        ? Unary.ApplyInPlace(op, x) : x.CopyInPlace(OfIntegers(x, min, max));

    private static Tensor OfIntegers(Tensor x, Number? min, Number? max)
    {
        if (min is { } least) x = x.Maximum(least.Fitting("Clamp", x.DType));
        return max is { } most ? x.Minimum(most.Fitting("Clamp", x.DType)) : x;
    }
}

/// <summary>y = min(max(x, a), b),   dy/dx = 1 for a ≤ x ≤ b, else 0.</summary>
// A bound that is no number makes every element none: then both comparisons hold for all that is one, and their results are NaN.
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct ClampOp(double min, double max) : IUnaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("min", min);
        to.Add("max", max);
    }

    private readonly double _below = IsNone(min, max) ? double.PositiveInfinity : min, _lowest = IsNone(min, max) ? double.NaN : min;
    private readonly double _above = IsNone(min, max) ? double.NegativeInfinity : max, _highest = IsNone(min, max) ? double.NaN : max;

    public static string Name => "clamp";
    public static int Overload => 1;
    public static OpInfo Info => new() { Formula = "if(x < a, a, if(x > b, b, x))", Torch = "torch.clamp(x, a, b)", Onnx = "Clip" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(-1, 1);

    /// <summary>The bounds as they were given, which a node of the operation shows.</summary>
    internal (double Min, double Max) Bounds => (min, max);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Upper<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(_above), x, V.Constant(_highest), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => Upper(V.IfLess(x, V.Constant(_below), V.Constant(_lowest), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
            V.IfLess(x, V.Constant(_below), V.Constant(0),
                V.IfLess(V.Constant(_above), x, V.Constant(0), V.IfEqual(x, x, V.Constant(1), V.Constant(0))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNone(double min, double max) => double.IsNaN(min) || double.IsNaN(max);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(max(x, a), b).</summary>
        public V Clamp(double? min = null, double? max = null) =>
            V.Apply(new ClampOp(min ?? double.NegativeInfinity, max ?? double.PositiveInfinity), x);
    }
}
