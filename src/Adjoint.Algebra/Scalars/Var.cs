using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A number that a <see cref="Tape{V}"/> writes down operations for (reverse mode): a value, and the place of the operation
/// that made it. Operations allocate nothing. A Var without a tape is a constant, and so is what is computed of constants.
/// </summary>
/// <typeparam name="V">
/// The algebra of the values: <c>Real&lt;double&gt;</c> for gradients; <c>Dual&lt;Real&lt;double&gt;&gt;</c> or
/// <see cref="VectorDual"/> for second derivatives (forward over reverse). Its <c>default</c> must be zero.
/// </typeparam>
public readonly partial struct Var<V> : IAlgebra<Var<V>> where V : struct, IAlgebra<V>
{
    /// <summary>The number.</summary>
    public readonly V Value;

    internal readonly Tape<V>? Tape;
    internal readonly int Index;
    internal readonly int Session;

    internal Var(V value, Tape<V>? tape = null, int index = 0, int session = 0)
    {
        Value = value;
        Tape = tape;
        Index = index;
        Session = session;
    }

    /// <summary>Whether the number depends on no variable, so that nothing was recorded for it.</summary>
    public bool IsConstant => Tape is null;

    /// <summary>The number without its history: a constant with the same value.</summary>
    public Var<V> Detach() => new(Value);

    /// <inheritdoc/>
    public static Var<V> Constant(double value) => new(V.Constant(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Var<V> operator +(Var<V> x, Var<V> y) => Record(x.Value + y.Value, x, V.Constant(1), y, V.Constant(1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Var<V> operator -(Var<V> x, Var<V> y) => Record(x.Value - y.Value, x, V.Constant(1), y, V.Constant(-1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Var<V> operator *(Var<V> x, Var<V> y) =>
        Record(x.Value * y.Value, x, ArithmeticRule.ProductByX(x.Value, y.Value), y, ArithmeticRule.ProductByY(x.Value, y.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Var<V> operator /(Var<V> x, Var<V> y)
    {
        V z = x.Value / y.Value, slopeX = ArithmeticRule.QuotientByX(y.Value);
        return Record(z, x, slopeX, y, ArithmeticRule.QuotientByY(z, slopeX));
    }

    /// <inheritdoc/>
    public static Var<V> operator -(Var<V> x) => Record(-x.Value, x, V.Constant(-1));

    /// <inheritdoc/>
    public static Var<V> operator +(Var<V> x, double c) => Record(x.Value + c, x, V.Constant(1));

    /// <inheritdoc/>
    public static Var<V> operator +(double c, Var<V> x) => Record(c + x.Value, x, V.Constant(1));

    /// <inheritdoc/>
    public static Var<V> operator -(Var<V> x, double c) => Record(x.Value - c, x, V.Constant(1));

    /// <inheritdoc/>
    public static Var<V> operator -(double c, Var<V> x) => Record(c - x.Value, x, V.Constant(-1));

    /// <inheritdoc/>
    public static Var<V> operator *(Var<V> x, double c) => Record(x.Value * c, x, V.Constant(c));

    /// <inheritdoc/>
    public static Var<V> operator *(double c, Var<V> x) => Record(c * x.Value, x, V.Constant(c));

    /// <inheritdoc/>
    public static Var<V> operator /(Var<V> x, double c) => Record(x.Value / c, x, V.Constant(1 / c));

    /// <inheritdoc/>
    public static Var<V> operator /(double c, Var<V> x)
    {
        V z = c / x.Value;
        return Record(z, x, ArithmeticRule.ConstantByY(z, x.Value));
    }

    /// <inheritdoc/>
    public static Var<V> Apply<TOp>(Var<V> x) where TOp : struct, IPrimitive
    {
        V y = V.Apply<TOp>(x.Value);
        return x.IsConstant ? new(y) : Record(y, x, default(TOp).Slope(x.Value, y));
    }

    /// <summary>Another operation as one entry, with the slope it declares.</summary>
    public static Var<V> Apply<TOp>(TOp op, Var<V> x) where TOp : struct, IUnaryOp
    {
        V y = V.Apply(op, x.Value);
        return x.IsConstant ? new(y) : Record(y, x, op.Slope(x.Value, y));
    }

    /// <inheritdoc/>
    public static bool IsFormula => V.IsFormula;

    /// <inheritdoc/>
    public static Var<V> Apply<TOp>(Var<V> x, Var<V> y) where TOp : struct, IBinaryPrimitive
    {
        V z = V.Apply<TOp>(x.Value, y.Value);
        TOp op = default;
        if (y.IsConstant) return x.IsConstant ? new(z) : Record(z, x, op.SlopeX(x.Value, y.Value, z));
        if (x.IsConstant) return Record(z, y, op.SlopeY(x.Value, y.Value, z));
        return Record(z, x, op.SlopeX(x.Value, y.Value, z), y, op.SlopeY(x.Value, y.Value, z));
    }

    /// <summary>True for the constant zero.</summary>
    public static bool IsZero(Var<V> x) => x.IsConstant && V.IsZero(x.Value);

    /// <summary>Compares the values; nothing is recorded, the result is the branch taken.</summary>
    public static Var<V> IfLess(Var<V> x, Var<V> y, Var<V> then, Var<V> otherwise) => x < y ? then : otherwise;

    /// <summary>Compares the values; nothing is recorded, the result is the branch taken.</summary>
    public static Var<V> IfEqual(Var<V> x, Var<V> y, Var<V> then, Var<V> otherwise) =>
        Comparison.Equal(x.Value, y.Value) ? then : otherwise;

    /// <summary>Whether the value of x is below that of y: for programs that branch.</summary>
    public static bool operator <(Var<V> x, Var<V> y) => Comparison.Less(x.Value, y.Value);

    /// <summary>Whether the value of x is above that of y: for programs that branch.</summary>
    public static bool operator >(Var<V> x, Var<V> y) => Comparison.Less(y.Value, x.Value);

    /// <summary>The value.</summary>
    public override string ToString() => Value.ToString() ?? "";
}
