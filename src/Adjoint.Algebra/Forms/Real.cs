using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>One number: the algebra read plainly. Also a register of one lane.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly struct Real<T>(T value) : IRegister<Real<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number.</summary>
    public readonly T Value = value;

    /// <inheritdoc/>
    public static Real<T> Constant(double value) => new(T.CreateTruncating(value));

    /// <inheritdoc/>
    public static Real<T> operator +(Real<T> x, Real<T> y) => new(x.Value + y.Value);

    /// <inheritdoc/>
    public static Real<T> operator -(Real<T> x, Real<T> y) => new(x.Value - y.Value);

    /// <inheritdoc/>
    public static Real<T> operator *(Real<T> x, Real<T> y) => new(x.Value * y.Value);

    /// <inheritdoc/>
    public static Real<T> operator /(Real<T> x, Real<T> y) => new(x.Value / y.Value);

    /// <inheritdoc/>
    public static Real<T> operator -(Real<T> x) => new(-x.Value);

    /// <inheritdoc/>
    public static Real<T> Apply<TOp>(Real<T> x) where TOp : struct, IPrimitive => TOp.Evaluate<Real<T>, T>(x);

    /// <inheritdoc/>
    public static Real<T> Apply<TOp>(Real<T> x, Real<T> y) where TOp : struct, IBinaryPrimitive => TOp.Evaluate<Real<T>, T>(x, y);

    /// <inheritdoc/>
    public static bool IsZero(Real<T> x) => T.IsZero(x.Value);

    /// <inheritdoc/>
    public static Real<T> IfLess(Real<T> x, Real<T> y, Real<T> then, Real<T> otherwise) => x.Value < y.Value ? then : otherwise;

    /// <inheritdoc/>
    public static Real<T> IfEqual(Real<T> x, Real<T> y, Real<T> then, Real<T> otherwise) => x.Value == y.Value ? then : otherwise;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    static Real<T> IRegister<Real<T>, T>.Load(ref readonly T source, nuint index) => new(Unsafe.Add(ref Unsafe.AsRef(in source), index));

    /// <inheritdoc/>
    static void IRegister<Real<T>, T>.Store(Real<T> value, ref T target, nuint index) => Unsafe.Add(ref target, index) = value.Value;

    /// <inheritdoc/>
    static unsafe void IRegister<Real<T>, T>.StoreNonTemporal(Real<T> value, T* target) => *target = value.Value;

    /// <inheritdoc/>
    public static ulong Less(Real<T> x, Real<T> y) => x.Value < y.Value ? 1u : 0;

    /// <inheritdoc/>
    public static ulong Equal(Real<T> x, Real<T> y) => x.Value == y.Value ? 1u : 0;

    /// <inheritdoc/>
    public static Real<T> Broadcast(T value) => new(value);

    /// <inheritdoc/>
    public static Real<T> MultiplyAdd(Real<T> x, Real<T> y, Real<T> z) => new(T.FusedMultiplyAdd(x.Value, y.Value, z.Value));

    /// <inheritdoc/>
    public static Real<T> Sqrt(Real<T> x) => new(T.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Real<T> Abs(Real<T> x) => new(T.Abs(x.Value));

    /// <inheritdoc/>
    public static Real<T> Round(Real<T> x) => new(T.Round(x.Value));

    /// <inheritdoc/>
    public static Real<T> Floor(Real<T> x) => new(T.Floor(x.Value));

    /// <inheritdoc/>
    public static Real<T> CopySign(Real<T> x, Real<T> sign) => new(T.CopySign(x.Value, sign.Value));

    /// <inheritdoc/>
    public static Real<T> Pow2(Real<T> n) => new(Lane<T>.Pow2(Lane<T>.Broadcast(n.Value)).Value.ToScalar());

    /// <inheritdoc/>
    public static Real<T> Mantissa(Real<T> x, out Real<T> exponent)
    {
        Lane<T> mantissa = Lane<T>.Mantissa(Lane<T>.Broadcast(x.Value), out Lane<T> e);
        exponent = new(e.Value.ToScalar());
        return new(mantissa.Value.ToScalar());
    }

    /// <inheritdoc/>
    public static Real<T> Map<TFunction>(Real<T> x) where TFunction : struct, IScalarFunction =>
        new(T.CreateTruncating(TFunction.Invoke(double.CreateTruncating(x.Value))));

    /// <inheritdoc/>
    public static Real<T> Map2<TFunction>(Real<T> x, Real<T> y) where TFunction : struct, IScalarFunction2 =>
        new(T.CreateTruncating(TFunction.Invoke(double.CreateTruncating(x.Value), double.CreateTruncating(y.Value))));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString() ?? "";
}
