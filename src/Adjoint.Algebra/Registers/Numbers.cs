using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Conversions between double and a number type known to the compiler of the machine code only.</summary>
internal static class Numbers
{
    /// <summary><paramref name="value"/> as a T: rounded to float, cut to a whole number (saturating) for integers, ≠ 0 for bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Convert<T>(double value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Unsafe.BitCast<float, T>((float)value);
        if (typeof(T) == typeof(double)) return Unsafe.BitCast<double, T>(value);
        if (typeof(T) == typeof(int)) return Unsafe.BitCast<int, T>((int)value);
        if (typeof(T) == typeof(long)) return Unsafe.BitCast<long, T>((long)value);
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<byte, T>((byte)value);
        if (typeof(T) == typeof(bool)) return Unsafe.BitCast<bool, T>(value != 0);
        throw new NotSupportedException($"{typeof(T)} is not an element type; element types are float, double, int, long, byte and bool.");
    }

    /// <summary>f(x, y), for integers without a detour by way of double, which has fewer digits than they have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<TFunction, T>(T x, T y) where TFunction : struct, IScalarFunction2 where T : unmanaged
    {
        if (typeof(T) == typeof(long))
            return Unsafe.BitCast<long, T>(TFunction.Invoke(Unsafe.BitCast<T, long>(x), Unsafe.BitCast<T, long>(y)));
        if (typeof(T) == typeof(int))
            return Unsafe.BitCast<int, T>((int)TFunction.Invoke((long)Unsafe.BitCast<T, int>(x), Unsafe.BitCast<T, int>(y)));
        if (typeof(T) == typeof(byte))
            return Unsafe.BitCast<byte, T>((byte)TFunction.Invoke((long)Unsafe.BitCast<T, byte>(x), Unsafe.BitCast<T, byte>(y)));
        return Convert<T>(TFunction.Invoke(ToDouble(x), ToDouble(y)));
    }

    /// <summary><paramref name="value"/> as a double; true is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Unsafe.BitCast<T, float>(value);
        if (typeof(T) == typeof(double)) return Unsafe.BitCast<T, double>(value);
        if (typeof(T) == typeof(int)) return Unsafe.BitCast<T, int>(value);
        if (typeof(T) == typeof(long)) return Unsafe.BitCast<T, long>(value);
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(bool)) return Unsafe.BitCast<T, bool>(value) ? 1 : 0;
        throw new NotSupportedException($"{typeof(T)} is not an element type; element types are float, double, int, long, byte and bool.");
    }
}
