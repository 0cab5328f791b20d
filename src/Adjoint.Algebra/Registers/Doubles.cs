using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Four floats or doubles as doubles, and back.</summary>
internal static unsafe class Doubles
{
    /// <summary>Four numbers from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load<T>(T* source) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return Vector256.Load((double*)source);
        Vector128<float> four = Vector128.Load((float*)source);
        return Avx.IsSupported
            ? Avx.ConvertToVector256Double(four) : Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));
    }

    /// <summary>Four numbers to memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<double> value, T* target) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) value.Store((double*)target);
        else (Avx.IsSupported ? Avx.ConvertToVector128Single(value) : Vector128.Narrow(value.GetLower(), value.GetUpper()))
            .Store((float*)target);
    }
}
