using System.Numerics;

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

/// <summary>Work that only moves elements, so that nothing but their size matters.</summary>
internal interface IMovingWork
{
    /// <summary>Does it for elements of the size of <typeparamref name="T"/>.</summary>
    void Run<T>() where T : unmanaged;
}

/// <summary>The only place that turns a <see cref="DType"/> into a type parameter.</summary>
internal static class Dispatch
{
    internal static void Floating<TWork>(DType dtype, string operation, ref TWork work) where TWork : struct, IFloatingWork
    {
        if (dtype == DType.Float32) work.Run<float>();
        else if (dtype == DType.Float64) work.Run<double>();
        else throw new DTypeException($"{operation}: needs a floating-point tensor, but got {dtype}. Convert with To(DType.Float32).");
    }

    internal static void Number<TWork>(DType dtype, ref TWork work) where TWork : struct, INumberWork
    {
        switch (dtype)
        {
            case DType.Float32: work.Run<float>(); break;
            case DType.Float64: work.Run<double>(); break;
            case DType.Int32: work.Run<int>(); break;
            case DType.Int64: work.Run<long>(); break;
            default: work.Run<byte>(); break;
        }
    }

    internal static void Moving<TWork>(DType dtype, ref TWork work) where TWork : struct, IMovingWork
    {
        switch (dtype.Size)
        {
            case 4: work.Run<int>(); break;
            case 8: work.Run<long>(); break;
            default: work.Run<byte>(); break;
        }
    }
}
