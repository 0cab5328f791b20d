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

    /// <summary>
    /// A bit for each direction that the number depends on, whatever its tangent came out as: Note [Constants] in
    /// <see cref="Dual{V}"/>.
    /// </summary>
    private readonly int _along;

    private VectorDual(double value, Tangents tangents, int along)
    {
        Value = value;
        _tangents = tangents;
        _along = along;
    }

    /// <summary>The variable whose derivatives are kept as tangent number <paramref name="direction"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not in 0 … <see cref="Width"/> − 1.</exception>
    public static VectorDual Variable(double value, int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)Width, nameof(direction));
        return new(value, Tangents.Unit(direction), 1 << direction);
    }

    /// <summary>The derivative in one direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not in 0 … <see cref="Width"/> − 1.</exception>
    public double Tangent(int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)Width, nameof(direction));
        return _tangents[direction];
    }

    /// <inheritdoc/>
    public static VectorDual Constant(double value) => new(value, default, 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(VectorDual x, VectorDual y) =>
        new(x.Value + y.Value, x._tangents + y._tangents, x._along | y._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(VectorDual x, VectorDual y) =>
        new(x.Value - y.Value, x._tangents - y._tangents, x._along | y._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(VectorDual x, VectorDual y)
    {
        Real<double> vx = new(x.Value), vy = new(y.Value);
        double slopeX = ArithmeticRule.ProductByX(vx, vy).Value, slopeY = ArithmeticRule.ProductByY(vx, vy).Value;
        return new(x.Value * y.Value, Tangents.Combine(slopeX, x._tangents, x._along, slopeY, y._tangents, y._along), x._along | y._along);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(VectorDual x, VectorDual y)
    {
        double z = x.Value / y.Value;
        Real<double> slopeX = ArithmeticRule.QuotientByX(new Real<double>(y.Value)), slopeY = ArithmeticRule.QuotientByY(new(z), slopeX);
        return new(z, Tangents.Combine(slopeX.Value, x._tangents, x._along, slopeY.Value, y._tangents, y._along), x._along | y._along);
    }

    /// <inheritdoc/>
    public static VectorDual operator -(VectorDual x) => new(-x.Value, -x._tangents, x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(VectorDual x, double c) => new(x.Value + c, x._tangents, x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator +(double c, VectorDual x) => new(c + x.Value, x._tangents, x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(VectorDual x, double c) => new(x.Value - c, x._tangents, x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator -(double c, VectorDual x) => new(c - x.Value, -x._tangents, x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(VectorDual x, double c) => new(x.Value * c, Tangents.Scale(c, x._tangents, x._along), x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator *(double c, VectorDual x) => new(c * x.Value, Tangents.Scale(c, x._tangents, x._along), x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(VectorDual x, double c) => new(x.Value / c, Tangents.Scale(1 / c, x._tangents, x._along), x._along);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorDual operator /(double c, VectorDual x)
    {
        double z = c / x.Value;
        double slope = ArithmeticRule.ConstantByY(new Real<double>(z), new(x.Value)).Value;
        return new(z, Tangents.Scale(slope, x._tangents, x._along), x._along);
    }

    // Not inlined: an accumulator that lives across the call of exp or tanh would be kept in memory in the whole loop before it.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static VectorDual Apply<TOp>(VectorDual x) where TOp : struct, IPrimitive
    {
        Real<double> argument = new(x.Value), y = Real<double>.Apply<TOp>(argument);
        if (x._along == 0) return Constant(y.Value);
        return new(y.Value, Tangents.Scale(default(TOp).Slope(argument, y).Value, x._tangents, x._along), x._along);
    }

    /// <summary>Another operation, differentiated by the slope it declares rather than by way of its formula.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static VectorDual Apply<TOp>(TOp op, VectorDual x) where TOp : struct, IUnaryOp
    {
        Real<double> argument = new(x.Value), y = op.Value(argument);
        if (x._along == 0) return Constant(y.Value);
        return new(y.Value, Tangents.Scale(op.Slope(argument, y).Value, x._tangents, x._along), x._along);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static VectorDual Apply<TOp>(VectorDual x, VectorDual y) where TOp : struct, IBinaryPrimitive
    {
        Real<double> left = new(x.Value), right = new(y.Value), z = Real<double>.Apply<TOp>(left, right);
        TOp op = default;
        Tangents tangents = default;
        if (x._along != 0) tangents = Tangents.Scale(op.SlopeX(left, right, z).Value, x._tangents, x._along);
        if (y._along != 0) tangents += Tangents.Scale(op.SlopeY(left, right, z).Value, y._tangents, y._along);
        return new(z.Value, tangents, x._along | y._along);
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
