using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A dual number x + ẋε with ε² = 0: a value and its derivative in one direction, carried along together (forward mode).
/// Over another dual number it gives second derivatives, and so on to any depth: the ε of <c>Dual&lt;Dual&lt;V&gt;&gt;</c> and
/// the ε of the <c>Dual&lt;V&gt;</c> inside it are told apart by their types, so they cannot be confused.
/// </summary>
/// <typeparam name="V">The algebra of the value and of the tangent: numbers, dual numbers, tape entries, tensors, formulas.</typeparam>
public readonly struct Dual<V> : IAlgebra<Dual<V>> where V : IAlgebra<V>
{
    /// <summary>x, the primal part.</summary>
    public readonly V Value;

    /// <summary>ẋ, the derivative along the direction that was seeded.</summary>
    public readonly V Tangent;

    // Note [Constants]: whether a number depends on the variable is known, not read off its tangent. What a constant's tangent would
    // be multiplied by is left out, so that an infinite slope there does no harm: √x at 0 has the second derivative −∞, and c·√x is
    // c·√x. A tangent that merely came out as 0, as that of x² at 0, is a number like any other: 0·∞ is NaN, forward as in reverse.
    private readonly bool _varies;

    private Dual(V value, V tangent, bool varies)
    {
        Value = value;
        Tangent = tangent;
        _varies = varies;
    }

    /// <summary>x + ẋε. Where ẋ is zero, x is a constant.</summary>
    /// <param name="value">x.</param>
    /// <param name="tangent">ẋ.</param>
    public Dual(V value, V tangent) : this(value, tangent, !V.IsZero(tangent))
    {
    }

    /// <summary>Whether the number does not depend on the variable.</summary>
    public bool IsConstant => !_varies;

    /// <summary>The variable to differentiate by: <paramref name="value"/> + 1ε.</summary>
    public static Dual<V> Variable(V value) => new(value, V.Constant(1), varies: true);

    /// <summary>A quantity that does not depend on the variable: <paramref name="value"/> + 0ε.</summary>
    public static Dual<V> Constant(V value) => new(value, V.Constant(0), varies: false);

    /// <inheritdoc/>
    public static Dual<V> Constant(double value) => new(V.Constant(value), V.Constant(0), varies: false);

    /// <inheritdoc/>
    public static Dual<V> operator +(Dual<V> x, Dual<V> y) => new(x.Value + y.Value, x.Tangent + y.Tangent, x._varies | y._varies);

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x, Dual<V> y) => new(x.Value - y.Value, x.Tangent - y.Tangent, x._varies | y._varies);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V> operator *(Dual<V> x, Dual<V> y)
    {
        V z = x.Value * y.Value;
        if (x._varies & y._varies) return new(z, x.Tangent * y.Value + x.Value * y.Tangent, true);
        return x._varies ? new(z, x.Tangent * y.Value, true) : y._varies ? new(z, x.Value * y.Tangent, true) : Constant(z);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V> operator /(Dual<V> x, Dual<V> y)
    {
        V z = x.Value / y.Value;
        if (y._varies) return new(z, ((x._varies ? x.Tangent : V.Constant(0)) - z * y.Tangent) / y.Value, true);
        return x._varies ? new(z, x.Tangent / y.Value, true) : Constant(z);
    }

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x) => new(-x.Value, -x.Tangent, x._varies);

    /// <inheritdoc/>
    public static Dual<V> operator +(Dual<V> x, double c) => new(x.Value + c, x.Tangent, x._varies);

    /// <inheritdoc/>
    public static Dual<V> operator +(double c, Dual<V> x) => new(c + x.Value, x.Tangent, x._varies);

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x, double c) => new(x.Value - c, x.Tangent, x._varies);

    /// <inheritdoc/>
    public static Dual<V> operator -(double c, Dual<V> x) => new(c - x.Value, -x.Tangent, x._varies);

    /// <inheritdoc/>
    public static Dual<V> operator *(Dual<V> x, double c) => x._varies ? new(x.Value * c, x.Tangent * c, true) : Constant(x.Value * c);

    /// <inheritdoc/>
    public static Dual<V> operator *(double c, Dual<V> x) => x._varies ? new(c * x.Value, c * x.Tangent, true) : Constant(c * x.Value);

    /// <inheritdoc/>
    public static Dual<V> operator /(Dual<V> x, double c) => x._varies ? new(x.Value / c, x.Tangent / c, true) : Constant(x.Value / c);

    /// <inheritdoc/>
    public static Dual<V> operator /(double c, Dual<V> x)
    {
        V z = c / x.Value;
        return x._varies ? new(z, -(z * x.Tangent) / x.Value, true) : Constant(z);
    }

    /// <inheritdoc/>
    public static Dual<V> Apply<TOp>(Dual<V> x) where TOp : struct, IPrimitive
    {
        V y = V.Apply<TOp>(x.Value);
        return x._varies ? new(y, default(TOp).Slope(x.Value, y) * x.Tangent, true) : Constant(y);
    }

    /// <summary>Another operation, differentiated by the slope it declares rather than by way of its formula.</summary>
    public static Dual<V> Apply<TOp>(TOp op, Dual<V> x) where TOp : struct, IUnaryOp
    {
        V y = V.Apply(op, x.Value);
        return x._varies ? new(y, op.Slope(x.Value, y) * x.Tangent, true) : Constant(y);
    }

    /// <inheritdoc/>
    public static Dual<V> Apply<TOp>(Dual<V> x, Dual<V> y) where TOp : struct, IBinaryPrimitive
    {
        V z = V.Apply<TOp>(x.Value, y.Value);
        TOp op = default;
        if (!y._varies) return x._varies ? new(z, op.SlopeX(x.Value, y.Value, z) * x.Tangent, true) : Constant(z);
        V tangent = op.SlopeY(x.Value, y.Value, z) * y.Tangent;
        return new(z, x._varies ? op.SlopeX(x.Value, y.Value, z) * x.Tangent + tangent : tangent, true);
    }

    /// <inheritdoc/>
    public static bool IsFormula => V.IsFormula;

    /// <inheritdoc/>
    public static bool IsZero(Dual<V> x) => V.IsZero(x.Value) && V.IsZero(x.Tangent);

    /// <summary>Compares the primal parts; the tangent is that of the branch taken.</summary>
    public static Dual<V> IfLess(Dual<V> x, Dual<V> y, Dual<V> then, Dual<V> otherwise) => new(
        V.IfLess(x.Value, y.Value, then.Value, otherwise.Value),
        V.IfLess(x.Value, y.Value, then.Tangent, otherwise.Tangent),
        then._varies | otherwise._varies);

    /// <summary>Compares the primal parts; the tangent is that of the branch taken.</summary>
    public static Dual<V> IfEqual(Dual<V> x, Dual<V> y, Dual<V> then, Dual<V> otherwise) => new(
        V.IfEqual(x.Value, y.Value, then.Value, otherwise.Value),
        V.IfEqual(x.Value, y.Value, then.Tangent, otherwise.Tangent),
        then._varies | otherwise._varies);

    /// <summary>Whether the primal part of x is below that of y: for programs that branch.</summary>
    public static bool operator <(Dual<V> x, Dual<V> y) => Comparison.Less(x.Value, y.Value);

    /// <summary>Whether the primal part of x is above that of y: for programs that branch.</summary>
    public static bool operator >(Dual<V> x, Dual<V> y) => Comparison.Less(y.Value, x.Value);

    /// <summary>The value and the tangent, as <c>6.5 + 1.25ε</c>.</summary>
    public override string ToString() => $"{Value} + {Tangent}ε";
}
