using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// One number in the lowest lane of a register: what is left over when whole registers are done. The code is that of
/// <see cref="Lanes128{T}"/>, so the bits are too.
/// </summary>
/// <typeparam name="T">float or double; int, long and byte for what is defined on whole numbers.</typeparam>
internal readonly struct Lane<T>(Vector128<T> value) : IRegister<Lane<T>, T> where T : unmanaged
{
    public readonly Vector128<T> Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Constant(double value)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Create(value).As<double, T>());
        return new(Vector128.Create(Numbers.Convert<T>(value)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator +(Lane<T> x, Lane<T> y) => new(x.Value + y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(Lane<T> x, Lane<T> y) => new(x.Value - y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator *(Lane<T> x, Lane<T> y) => new(x.Value * y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator /(Lane<T> x, Lane<T> y) => new(x.Value / Divisor(y));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(Lane<T> x) => new(-x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator +(Lane<T> x, double c) => new(x.Value + Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator +(double c, Lane<T> x) => new(Constant(c).Value + x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(Lane<T> x, double c) => new(x.Value - Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(double c, Lane<T> x) => new(Constant(c).Value - x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator *(Lane<T> x, double c) => new(x.Value * Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator *(double c, Lane<T> x) => new(Constant(c).Value * x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator /(Lane<T> x, double c) => new(x.Value / Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator /(double c, Lane<T> x) => new(Constant(c).Value / Divisor(x));

    /// <summary>Nobody reads the other lanes; but whole numbers are not divided by what is 0 there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Divisor(Lane<T> y) =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? y.Value : Vector128<T>.One.WithElement(0, y.Value.ToScalar());

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Inlined<TOp>(Lane<T> x) where TOp : struct, IPrimitive => TOp.Evaluate<Lane<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Inlined<TOp>(TOp op, Lane<T> x) where TOp : struct, IUnaryOp => op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Inlined<TOp>(Lane<T> x, Lane<T> y) where TOp : struct, IBinaryPrimitive => TOp.Evaluate<Lane<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Apply<TOp>(Lane<T> x) where TOp : struct, IPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lane<T>, T>(x) : Calls.Apply<TOp, Lane<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Apply<TOp>(TOp op, Lane<T> x) where TOp : struct, IUnaryOp =>
        TOp.IsLong ? Calls.Apply<TOp, Lane<T>, T>(op, x) : op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Apply<TOp>(Lane<T> x, Lane<T> y) where TOp : struct, IBinaryPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lane<T>, T>(x, y) : Calls.Apply<TOp, Lane<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> IfLess(Lane<T> x, Lane<T> y, Lane<T> then, Lane<T> otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> IfEqual(Lane<T> x, Lane<T> y, Lane<T> then, Lane<T> otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Less(Lane<T> x, Lane<T> y) => Vector128.LessThan(x.Value, y.Value).ExtractMostSignificantBits() & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(Lane<T> x, Lane<T> y) => Vector128.Equals(x.Value, y.Value).ExtractMostSignificantBits() & 1;

    public static Lane<T> Load(ref readonly T source, nuint index) =>
        new(Vector128.CreateScalar(Unsafe.Add(ref Unsafe.AsRef(in source), index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane<T> value, ref T target, nuint index) => Unsafe.Add(ref target, index) = value.Value.ToScalar();

    public static unsafe void StoreNonTemporal(Lane<T> value, T* target) => *target = value.Value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> MultiplyAdd(Lane<T> x, Lane<T> y, Lane<T> z)
    {
        if (typeof(T) == typeof(float))
            return new(Vector128.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector128.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>());
        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Sqrt(Lane<T> x) => new(Vector128.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Abs(Lane<T> x) => new(Vector128.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Round(Lane<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Round(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Round(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Floor(Lane<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Floor(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Floor(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> CopySign(Lane<T> x, Lane<T> sign) => new(Vector128.CopySign(x.Value, sign.Value));

    // Adding 1.5·2⁵² (1.5·2²³ for float) leaves the whole number n in the low bits; shifted, they are an exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Pow2(Lane<T> n)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.ShiftLeft((n + (12582912.0 + 127)).Value.AsUInt32(), 23).As<uint, T>());
        return new(Vector128.ShiftLeft((n + (6755399441055744.0 + 1023)).Value.AsUInt64(), 52).As<ulong, T>());
    }

    // Moving the bits of √½ to those of 1 makes the exponent field that of x/√½: a mantissa is below √2 instead of 2.
    // The field becomes a number as the low bits of 2⁵² (2²³ for float).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Mantissa(Lane<T> x, out Lane<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<uint> bits = x.Value.AsUInt32() + Vector128.Create(0x3f800000u - 0x3f3504f3u);
            exponent =
                new Lane<T>((Vector128.ShiftRightLogical(bits, 23) | Vector128.Create(0x4b000000u)).As<uint, T>()) - (8388608.0 + 127);
            return new(((bits & Vector128.Create(0x007fffffu)) + Vector128.Create(0x3f3504f3u)).As<uint, T>());
        }
        else
        {
            Vector128<ulong> bits = x.Value.AsUInt64() + Vector128.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
            exponent =
                new Lane<T>((Vector128.ShiftRightLogical(bits, 52) | Vector128.Create(0x4330000000000000ul)).As<ulong, T>())
                - (4503599627370496.0 + 1023);
            return new(((bits & Vector128.Create(0x000ffffffffffffful)) + Vector128.Create(0x3fe6a09e667f3bcdul)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lane<T> Map<TFunction>(Lane<T> x) where TFunction : struct, IScalarFunction
    {
        Vector128<T> result = x.Value;
        for (int i = 0; i < Count; i++)
            result = result.WithElement(i, Numbers.Convert<T>(TFunction.Invoke(Numbers.ToDouble(x.Value.GetElement(i)))));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lane<T> Map2<TFunction>(Lane<T> x, Lane<T> y) where TFunction : struct, IScalarFunction2
    {
        Vector128<T> result = x.Value;
        for (int i = 0; i < Count; i++)
            result = result.WithElement(i, Numbers.Invoke<TFunction, T>(x.Value.GetElement(i), y.Value.GetElement(i)));
        return new(result);
    }
}
