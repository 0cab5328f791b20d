using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>A register of 256 bits.</summary>
/// <typeparam name="T">float or double; int, long and byte for what is defined on whole numbers.</typeparam>
internal readonly struct Lanes256<T>(Vector256<T> value) : IRegister<Lanes256<T>, T> where T : unmanaged
{
    public readonly Vector256<T> Value = value;

    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Constant(double value)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Create(value).As<double, T>());
        return new(Vector256.Create(Numbers.Convert<T>(value)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> x, Lanes256<T> y) => new(x.Value + y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x, Lanes256<T> y) => new(x.Value - y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> x, Lanes256<T> y) => new(x.Value * y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> x, Lanes256<T> y) => new(x.Value / y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x) => new(-x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> x, double c) => new(x.Value + Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(double c, Lanes256<T> x) => new(Constant(c).Value + x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x, double c) => new(x.Value - Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(double c, Lanes256<T> x) => new(Constant(c).Value - x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> x, double c) => new(x.Value * Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(double c, Lanes256<T> x) => new(Constant(c).Value * x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> x, double c) => new(x.Value / Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(double c, Lanes256<T> x) => new(Constant(c).Value / x.Value);

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Inlined<TOp>(Lanes256<T> x) where TOp : struct, IPrimitive => TOp.Evaluate<Lanes256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Inlined<TOp>(TOp op, Lanes256<T> x) where TOp : struct, IUnaryOp => op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Inlined<TOp>(Lanes256<T> x, Lanes256<T> y)
        where TOp : struct, IBinaryPrimitive =>
        TOp.Evaluate<Lanes256<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Apply<TOp>(Lanes256<T> x) where TOp : struct, IPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lanes256<T>, T>(x) : Calls.Apply<TOp, Lanes256<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Apply<TOp>(TOp op, Lanes256<T> x) where TOp : struct, IUnaryOp =>
        TOp.IsLong ? Calls.Apply<TOp, Lanes256<T>, T>(op, x) : op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Apply<TOp>(Lanes256<T> x, Lanes256<T> y) where TOp : struct, IBinaryPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lanes256<T>, T>(x, y) : Calls.Apply<TOp, Lanes256<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> IfLess(Lanes256<T> x, Lanes256<T> y, Lanes256<T> then, Lanes256<T> otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> IfEqual(Lanes256<T> x, Lanes256<T> y, Lanes256<T> then, Lanes256<T> otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Less(Lanes256<T> x, Lanes256<T> y) => Vector256.LessThan(x.Value, y.Value).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(Lanes256<T> x, Lanes256<T> y) => Vector256.Equals(x.Value, y.Value).ExtractMostSignificantBits();

    public static Lanes256<T> Load(ref readonly T source, nuint index) => new(Vector256.LoadUnsafe(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, ref T target, nuint index) => value.Value.StoreUnsafe(ref target, index);

    public static unsafe void StoreNonTemporal(Lanes256<T> value, T* target) => value.Value.StoreAlignedNonTemporal(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> x, Lanes256<T> y, Lanes256<T> z)
    {
        if (typeof(T) == typeof(float))
            return new(Vector256.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector256.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>());
        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> x) => new(Vector256.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> x) => new(Vector256.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Round(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Round(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Floor(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Floor(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> CopySign(Lanes256<T> x, Lanes256<T> sign) => new(Vector256.CopySign(x.Value, sign.Value));

    // Adding 1.5·2⁵² (1.5·2²³ for float) leaves the whole number n in the low bits; shifted, they are an exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Pow2(Lanes256<T> n)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.ShiftLeft((n + (12582912.0 + 127)).Value.AsUInt32(), 23).As<uint, T>());
        return new(Vector256.ShiftLeft((n + (6755399441055744.0 + 1023)).Value.AsUInt64(), 52).As<ulong, T>());
    }

    // Moving the bits of √½ to those of 1 makes the exponent field that of x/√½: a mantissa is below √2 instead of 2.
    // The field becomes a number as the low bits of 2⁵² (2²³ for float).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Mantissa(Lanes256<T> x, out Lanes256<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<uint> bits = x.Value.AsUInt32() + Vector256.Create(0x3f800000u - 0x3f3504f3u);
            exponent =
                new Lanes256<T>((Vector256.ShiftRightLogical(bits, 23) | Vector256.Create(0x4b000000u)).As<uint, T>()) - (8388608.0 + 127);
            return new(((bits & Vector256.Create(0x007fffffu)) + Vector256.Create(0x3f3504f3u)).As<uint, T>());
        }
        else
        {
            Vector256<ulong> bits = x.Value.AsUInt64() + Vector256.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
            exponent =
                new Lanes256<T>((Vector256.ShiftRightLogical(bits, 52) | Vector256.Create(0x4330000000000000ul)).As<ulong, T>())
                - (4503599627370496.0 + 1023);
            return new(((bits & Vector256.Create(0x000ffffffffffffful)) + Vector256.Create(0x3fe6a09e667f3bcdul)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes256<T> Map<TFunction>(Lanes256<T> x) where TFunction : struct, IScalarFunction
    {
        Vector256<T> result = x.Value;
        ref T lanes = ref Unsafe.As<Vector256<T>, T>(ref result);
        for (int i = 0; i < Count; i++)
            Unsafe.Add(ref lanes, i) = Numbers.Convert<T>(TFunction.Invoke(Numbers.ToDouble(Unsafe.Add(ref lanes, i))));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes256<T> Map2<TFunction>(Lanes256<T> x, Lanes256<T> y) where TFunction : struct, IScalarFunction2
    {
        Vector256<T> result = x.Value, second = y.Value;
        ref T lanes = ref Unsafe.As<Vector256<T>, T>(ref result), others = ref Unsafe.As<Vector256<T>, T>(ref second);
        for (int i = 0; i < Count; i++)
            Unsafe.Add(ref lanes, i) = Numbers.Invoke<TFunction, T>(Unsafe.Add(ref lanes, i), Unsafe.Add(ref others, i));
        return new(result);
    }
}
