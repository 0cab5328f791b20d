using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A dual number x + ẋε with ε² = 0: a value and its derivative in one direction, carried along together (forward mode).
/// Over another dual number it gives second derivatives, and so on to any depth: the ε of <c>Dual&lt;Dual&lt;V&gt;&gt;</c> and
/// the ε of the <c>Dual&lt;V&gt;</c> inside it are told apart by their types, so they cannot be confused.
/// </summary>
/// <typeparam name="V">The algebra of the value and of the tangent: numbers, dual numbers, tape entries, tensors, formulas.</typeparam>
/// <param name="value">x.</param>
/// <param name="tangent">ẋ.</param>
public readonly struct Dual<V>(V value, V tangent) : IAlgebra<Dual<V>> where V : IAlgebra<V>
{
    /// <summary>x, the primal part.</summary>
    public readonly V Value = value;

    /// <summary>ẋ, the derivative along the direction that was seeded.</summary>
    public readonly V Tangent = tangent;

    /// <summary>The variable to differentiate by: <paramref name="value"/> + 1ε.</summary>
    public static Dual<V> Variable(V value) => new(value, V.Constant(1));

    /// <summary>A quantity that does not depend on the variable: <paramref name="value"/> + 0ε.</summary>
    public static Dual<V> Constant(V value) => new(value, V.Constant(0));

    /// <inheritdoc/>
    public static Dual<V> Constant(double value) => new(V.Constant(value), V.Constant(0));

    /// <inheritdoc/>
    public static Dual<V> operator +(Dual<V> x, Dual<V> y) => new(x.Value + y.Value, x.Tangent + y.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x, Dual<V> y) => new(x.Value - y.Value, x.Tangent - y.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V> operator *(Dual<V> x, Dual<V> y) => new(x.Value * y.Value, x.Tangent * y.Value + x.Value * y.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V> operator /(Dual<V> x, Dual<V> y)
    {
        V z = x.Value / y.Value;
        return new(z, (x.Tangent - z * y.Tangent) / y.Value);
    }

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x) => new(-x.Value, -x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator +(Dual<V> x, double c) => new(x.Value + c, x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator +(double c, Dual<V> x) => new(c + x.Value, x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x, double c) => new(x.Value - c, x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator -(double c, Dual<V> x) => new(c - x.Value, -x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator *(Dual<V> x, double c) => new(x.Value * c, x.Tangent * c);

    /// <inheritdoc/>
    public static Dual<V> operator *(double c, Dual<V> x) => new(c * x.Value, c * x.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator /(Dual<V> x, double c) => new(x.Value / c, x.Tangent / c);

    /// <inheritdoc/>
    public static Dual<V> operator /(double c, Dual<V> x)
    {
        V z = c / x.Value;
        return new(z, -(z * x.Tangent) / x.Value);
    }

    /// <inheritdoc/>
    public static Dual<V> Apply<TOp>(Dual<V> x) where TOp : struct, IPrimitive
    {
        V y = V.Apply<TOp>(x.Value);
        return new(y, V.IsZero(x.Tangent) ? x.Tangent : default(TOp).Slope(x.Value, y) * x.Tangent);
    }

    /// <inheritdoc/>
    public static Dual<V> Apply<TOp>(Dual<V> x, Dual<V> y) where TOp : struct, IBinaryPrimitive
    {
        V z = V.Apply<TOp>(x.Value, y.Value);
        TOp op = default;
        if (V.IsZero(y.Tangent))
            return new(z, V.IsZero(x.Tangent) ? x.Tangent : op.SlopeX(x.Value, y.Value, z) * x.Tangent);
        V tangent = op.SlopeY(x.Value, y.Value, z) * y.Tangent;
        return new(z, V.IsZero(x.Tangent) ? tangent : op.SlopeX(x.Value, y.Value, z) * x.Tangent + tangent);
    }

    /// <inheritdoc/>
    public static bool IsZero(Dual<V> x) => V.IsZero(x.Value) && V.IsZero(x.Tangent);

    /// <summary>Compares the primal parts; the tangent is that of the branch taken.</summary>
    public static Dual<V> IfLess(Dual<V> x, Dual<V> y, Dual<V> then, Dual<V> otherwise) => new(
        V.IfLess(x.Value, y.Value, then.Value, otherwise.Value),
        V.IfLess(x.Value, y.Value, then.Tangent, otherwise.Tangent));

    /// <summary>Compares the primal parts; the tangent is that of the branch taken.</summary>
    public static Dual<V> IfEqual(Dual<V> x, Dual<V> y, Dual<V> then, Dual<V> otherwise) => new(
        V.IfEqual(x.Value, y.Value, then.Value, otherwise.Value),
        V.IfEqual(x.Value, y.Value, then.Tangent, otherwise.Tangent));

    /// <summary>Whether the primal part of x is below that of y: for programs that branch.</summary>
    public static bool operator <(Dual<V> x, Dual<V> y) => Comparison.Less(x.Value, y.Value);

    /// <summary>Whether the primal part of x is above that of y: for programs that branch.</summary>
    public static bool operator >(Dual<V> x, Dual<V> y) => Comparison.Less(y.Value, x.Value);

    /// <summary>The value and the tangent, as <c>6.5 + 1.25ε</c>.</summary>
    public override string ToString() => $"{Value} + {Tangent}ε";
}
