using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Work that is the same for every floating-point dtype.</summary>
internal interface IFloatingWork
{
    /// <summary>Does it for elements of type <typeparamref name="T"/>.</summary>
    void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Work that is the same for every dtype.</summary>
internal interface INumberWork
{
    /// <summary>Does it for elements of type <typeparamref name="T"/>.</summary>
    void Run<T>() where T : unmanaged, INumber<T>;
}

/// <summary>Work that is one for the floating-point dtypes and another for the integer ones (Bool counts as bytes 0 and 1).</summary>
internal interface IElementWork
{
    /// <summary>Does it for floating-point elements of type <typeparamref name="T"/>.</summary>
    void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Does it for integers of type <typeparamref name="T"/>.</summary>
    void Whole<T>() where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>Work that only moves elements, so that nothing but their size matters.</summary>
internal interface IMovingWork
{
    /// <summary>Does it for elements of the size of <typeparamref name="T"/>.</summary>
    void Run<T>() where T : unmanaged;
}

/// <summary>The only place that turns a <see cref="DType"/> into a type parameter. See Note [One row a dtype].</summary>
internal static class Dispatch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Floating<TWork>(DType dtype, string operation, ref TWork work) where TWork : struct, IFloatingWork
    {
        if (dtype == DType.Float32) work.Run<float>();
        else if (dtype == DType.Float64) work.Run<double>();
        else ThrowNotFloating(operation, dtype);
    }

    /// <summary>Work on elements that are either of floating point or whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Elements<TWork>(DType dtype, ref TWork work) where TWork : struct, IElementWork
    {
        if (dtype == DType.Float32)
        {
            work.Floating<float>();
        }
        else if (dtype == DType.Float64)
        {
            work.Floating<double>();
        }
        else
        {
            // A copy, so that the compiler may keep what is worked on in registers on the way above.
            TWork whole = work;
            WholeElements(dtype, ref whole);
            work = whole;
        }
    }

    internal static void Number<TWork>(DType dtype, ref TWork work) where TWork : struct, INumberWork
    {
        switch (dtype)
        {
            case DType.Float32: work.Run<float>(); break;
            case DType.Float64: work.Run<double>(); break;
            case DType.Int32: work.Run<int>(); break;
            case DType.Int64: work.Run<long>(); break;
            case DType.UInt8 or DType.Bool: work.Run<byte>(); break;
            default: throw NotDispatched(dtype);
        }
    }

    internal static void Moving<TWork>(DType dtype, ref TWork work) where TWork : struct, IMovingWork, allows ref struct
    {
        switch (dtype.Size)
        {
            case 1: work.Run<byte>(); break;
            case 4: work.Run<int>(); break;
            case 8: work.Run<long>(); break;
            default: throw NotDispatched(dtype);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WholeElements<TWork>(DType dtype, ref TWork work) where TWork : struct, IElementWork
    {
        switch (dtype)
        {
            case DType.Int32: work.Whole<int>(); break;
            case DType.Int64: work.Whole<long>(); break;
            case DType.UInt8 or DType.Bool: work.Whole<byte>(); break;
            default: throw NotDispatched(dtype);
        }
    }

    [DoesNotReturn]
    private static void ThrowNotFloating(string operation, DType dtype) =>
        throw new DTypeException($"{operation}: needs a floating-point tensor, but got {dtype}. Convert with To(DType.Float32).");

    private static DTypeException NotDispatched(DType dtype) =>
        new($"There are no operations for elements of dtype {dtype} yet. Convert with To(DType.Float32).");
}
