using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>A register of 512 bits.</summary>
/// <typeparam name="T">float or double; int, long and byte for what is defined on whole numbers.</typeparam>
internal readonly struct Lanes512<T>(Vector512<T> value) : IRegister<Lanes512<T>, T> where T : unmanaged
{
    public readonly Vector512<T> Value = value;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Constant(double value)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Create(value).As<double, T>());
        return new(Vector512.Create(Numbers.Convert<T>(value)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> x, Lanes512<T> y) => new(x.Value + y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x, Lanes512<T> y) => new(x.Value - y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> x, Lanes512<T> y) => new(x.Value * y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> x, Lanes512<T> y) => new(x.Value / y.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x) => new(-x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> x, double c) => new(x.Value + Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(double c, Lanes512<T> x) => new(Constant(c).Value + x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x, double c) => new(x.Value - Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(double c, Lanes512<T> x) => new(Constant(c).Value - x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> x, double c) => new(x.Value * Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(double c, Lanes512<T> x) => new(Constant(c).Value * x.Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> x, double c) => new(x.Value / Constant(c).Value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(double c, Lanes512<T> x) => new(Constant(c).Value / x.Value);

    // See Note [Calls in formulas].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Inlined<TOp>(Lanes512<T> x) where TOp : struct, IPrimitive => TOp.Evaluate<Lanes512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Inlined<TOp>(TOp op, Lanes512<T> x) where TOp : struct, IUnaryOp => op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Inlined<TOp>(Lanes512<T> x, Lanes512<T> y)
        where TOp : struct, IBinaryPrimitive =>
        TOp.Evaluate<Lanes512<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Apply<TOp>(Lanes512<T> x) where TOp : struct, IPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lanes512<T>, T>(x) : Calls.Apply<TOp, Lanes512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Apply<TOp>(TOp op, Lanes512<T> x) where TOp : struct, IUnaryOp =>
        TOp.IsLong ? Calls.Apply<TOp, Lanes512<T>, T>(op, x) : op.Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Apply<TOp>(Lanes512<T> x, Lanes512<T> y) where TOp : struct, IBinaryPrimitive =>
        TOp.IsShort ? TOp.Evaluate<Lanes512<T>, T>(x, y) : Calls.Apply<TOp, Lanes512<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> IfLess(Lanes512<T> x, Lanes512<T> y, Lanes512<T> then, Lanes512<T> otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> IfEqual(Lanes512<T> x, Lanes512<T> y, Lanes512<T> then, Lanes512<T> otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(x.Value, y.Value), then.Value, otherwise.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Less(Lanes512<T> x, Lanes512<T> y) => Vector512.LessThan(x.Value, y.Value).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(Lanes512<T> x, Lanes512<T> y) => Vector512.Equals(x.Value, y.Value).ExtractMostSignificantBits();

    public static Lanes512<T> Load(ref readonly T source, nuint index) => new(Vector512.LoadUnsafe(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, ref T target, nuint index) => value.Value.StoreUnsafe(ref target, index);

    public static unsafe void StoreNonTemporal(Lanes512<T> value, T* target) => value.Value.StoreAlignedNonTemporal(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> x, Lanes512<T> y, Lanes512<T> z)
    {
        if (typeof(T) == typeof(float))
            return new(Vector512.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector512.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>());
        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> x) => new(Vector512.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> x) => new(Vector512.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Round(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Round(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> x)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Floor(x.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Floor(x.Value.AsDouble()).As<double, T>());
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> CopySign(Lanes512<T> x, Lanes512<T> sign) => new(Vector512.CopySign(x.Value, sign.Value));

    // Adding 1.5·2⁵² (1.5·2²³ for float) leaves the whole number n in the low bits; shifted, they are an exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Pow2(Lanes512<T> n)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.ShiftLeft((n + (12582912.0 + 127)).Value.AsUInt32(), 23).As<uint, T>());
        return new(Vector512.ShiftLeft((n + (6755399441055744.0 + 1023)).Value.AsUInt64(), 52).As<ulong, T>());
    }

    // Moving the bits of √½ to those of 1 makes the exponent field that of x/√½: a mantissa is below √2 instead of 2.
    // The field becomes a number as the low bits of 2⁵² (2²³ for float).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Mantissa(Lanes512<T> x, out Lanes512<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<uint> bits = x.Value.AsUInt32() + Vector512.Create(0x3f800000u - 0x3f3504f3u);
            exponent =
                new Lanes512<T>((Vector512.ShiftRightLogical(bits, 23) | Vector512.Create(0x4b000000u)).As<uint, T>()) - (8388608.0 + 127);
            return new(((bits & Vector512.Create(0x007fffffu)) + Vector512.Create(0x3f3504f3u)).As<uint, T>());
        }
        else
        {
            Vector512<ulong> bits = x.Value.AsUInt64() + Vector512.Create(0x3ff0000000000000ul - 0x3fe6a09e667f3bcdul);
            exponent =
                new Lanes512<T>((Vector512.ShiftRightLogical(bits, 52) | Vector512.Create(0x4330000000000000ul)).As<ulong, T>())
                - (4503599627370496.0 + 1023);
            return new(((bits & Vector512.Create(0x000ffffffffffffful)) + Vector512.Create(0x3fe6a09e667f3bcdul)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes512<T> Map<TFunction>(Lanes512<T> x) where TFunction : struct, IScalarFunction
    {
        Vector512<T> result = x.Value;
        ref T lanes = ref Unsafe.As<Vector512<T>, T>(ref result);
        for (int i = 0; i < Count; i++)
            Unsafe.Add(ref lanes, i) = Numbers.Convert<T>(TFunction.Invoke(Numbers.ToDouble(Unsafe.Add(ref lanes, i))));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes512<T> Map2<TFunction>(Lanes512<T> x, Lanes512<T> y) where TFunction : struct, IScalarFunction2
    {
        Vector512<T> result = x.Value, second = y.Value;
        ref T lanes = ref Unsafe.As<Vector512<T>, T>(ref result), others = ref Unsafe.As<Vector512<T>, T>(ref second);
        for (int i = 0; i < Count; i++)
            Unsafe.Add(ref lanes, i) = Numbers.Invoke<TFunction, T>(Unsafe.Add(ref lanes, i), Unsafe.Add(ref others, i));
        return new(result);
    }
}
