using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A dual number with <see cref="Width"/> tangents: one value and its derivatives in 16 directions, carried along in
/// vector registers. One evaluation of a function gives 16 columns of its Jacobian.
/// </summary>
public readonly struct VectorDual : IAlgebra<VectorDual>
{
    /// <summary>The number of directions.</summary>
    public const int Width = Tangents.Count;

    /// <summary>The primal part.</summary>
    public readonly double Value;

    private readonly Tangents _tangents;

    private VectorDual(double value, Tangents tangents)
    {
        Value = value;
        _tangents = tangents;
    }

    /// <summary>The variable whose derivatives are kept as tangent number <paramref name="direction"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not in 0 … <see cref="Width"/> − 1.</exception>
    public static VectorDual Variable(double value, int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)Width, nameof(direction));
        return new(value, Tangents.Unit(direction));
    }

    /// <summary>The derivative in one direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not in 0 … <see cref="Width"/> − 1.</exception>
    public double Tangent(int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)Width, nameof(direction));
        return _tangents[direction];
    }

    /// <inheritdoc/>
    public static VectorDual Constant(double value) => new(value, default);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(VectorDual x, VectorDual y) => new(x.Value + y.Value, x._tangents + y._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(VectorDual x, VectorDual y) => new(x.Value - y.Value, x._tangents - y._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(VectorDual x, VectorDual y) =>
        new(x.Value * y.Value, Tangents.Combine(y.Value, x._tangents, x.Value, y._tangents));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(VectorDual x, VectorDual y)
    {
        double z = x.Value / y.Value, reciprocal = 1 / y.Value;
        return new(z, Tangents.Combine(reciprocal, x._tangents, -z * reciprocal, y._tangents));
    }

    /// <inheritdoc/>
    public static VectorDual operator -(VectorDual x) => new(-x.Value, -x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(VectorDual x, double c) => new(x.Value + c, x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(double c, VectorDual x) => new(c + x.Value, x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(VectorDual x, double c) => new(x.Value - c, x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(double c, VectorDual x) => new(c - x.Value, -x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(VectorDual x, double c) => new(x.Value * c, c * x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(double c, VectorDual x) => new(c * x.Value, c * x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(VectorDual x, double c) => new(x.Value / c, 1 / c * x._tangents);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(double c, VectorDual x)
    {
        double z = c / x.Value;
        return new(z, -z / x.Value * x._tangents);
    }

    // Not inlined: an accumulator that lives across the call of exp or tanh would be kept in memory in the whole loop before it.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static VectorDual Apply<TOp>(VectorDual x) where TOp : struct, IPrimitive
    {
        Real<double> argument = new(x.Value), y = Real<double>.Apply<TOp>(argument);
        if (x._tangents.IsZero) return new(y.Value, default);
        return new(y.Value, default(TOp).Slope(argument, y).Value * x._tangents);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static VectorDual Apply<TOp>(VectorDual x, VectorDual y) where TOp : struct, IBinaryPrimitive
    {
        Real<double> left = new(x.Value), right = new(y.Value), z = Real<double>.Apply<TOp>(left, right);
        TOp op = default;
        Tangents tangents = default;
        if (!x._tangents.IsZero) tangents = op.SlopeX(left, right, z).Value * x._tangents;
        if (!y._tangents.IsZero) tangents += op.SlopeY(left, right, z).Value * y._tangents;
        return new(z.Value, tangents);
    }

    /// <inheritdoc/>
    public static bool IsZero(VectorDual x) => x.Value == 0 && x._tangents.IsZero;

    /// <summary>Compares the primal parts; the tangents are those of the branch taken.</summary>
    public static VectorDual IfLess(VectorDual x, VectorDual y, VectorDual then, VectorDual otherwise) =>
        x.Value < y.Value ? then : otherwise;

    /// <summary>Compares the primal parts; the tangents are those of the branch taken.</summary>
    public static VectorDual IfEqual(VectorDual x, VectorDual y, VectorDual then, VectorDual otherwise) =>
        x.Value == y.Value ? then : otherwise;

    /// <summary>The value and the tangents that are not zero, as <c>6 + 2ε0 + 3ε1</c>.</summary>
    public override string ToString()
    {
        VectorDual self = this;
        return string.Concat(Enumerable.Range(0, Width).Where(k => self.Tangent(k) != 0).Select(k => $" + {self.Tangent(k)}ε{k}")
            .Prepend($"{Value}"));
    }
}
