using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Reading, writing, filling and converting elements of any dtype and layout, without history.</summary>
internal static class Elements
{
    /// <summary>Writes the elements in row-major order, converted to <typeparamref name="T"/>.</summary>
    internal static void Convert<T>(Tensor x, Span<T> target) where T : unmanaged
    {
        using Door.Aside _ = Door.Aside.Begin();
        x = ToContiguous(x);
        var dtype = DTypes.Of<T>();
        if (x.DType == dtype)
        {
            x.Span<T>().CopyTo(target);
        }
        else
        {
            Tensor converted = Cast(x, dtype);
            converted.Span<T>().CopyTo(target);
            GC.KeepAlive(converted);
        }
        GC.KeepAlive(x);
    }

    /// <summary>The elements in row-major order, for the library itself: no mode takes notice.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for an array of so many elements.</exception>
    internal static T[] ToArray<T>(Tensor x) where T : unmanaged
    {
        T[] array;
        try
        {
            array = new T[x.NumEl];
        }
        catch (OutOfMemoryException none)
        {
            throw new OutOfMemoryException(
                $"There is no memory for an array with the {x.NumEl:N0} elements of a tensor of shape {x.Shape}; an array has at most {Array.MaxLength:N0}.", none);
        }
        Convert(x, array);
        return array;
    }

    /// <summary>Whether both have the same elements, bit by bit.</summary>
    internal static bool AreSame(Tensor x, Tensor y)
    {
        if (x.DType != y.DType || !x.Shape.Equals(y.Shape)) return false;
        using Door.Aside _ = Door.Aside.Begin();
        (x, y) = (ToContiguous(x), ToContiguous(y));
        bool same = x.DType.Size switch
        {
            4 => x.Span<int>().SequenceEqual(y.Span<int>()),
            8 => x.Span<long>().SequenceEqual(y.Span<long>()),
            _ => x.Span<byte>().SequenceEqual(y.Span<byte>()),
        };
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return same;
    }

    /// <summary>As <see cref="ToContiguous"/>, to hand elements out.</summary>
    internal static Tensor Reading(Tensor x)
    {
        using Door.Aside _ = Door.Aside.Begin();
        return ToContiguous(x);
    }

    /// <summary>Writes doubles to a contiguous tensor of any dtype.</summary>
    internal static void Write(Tensor x, ReadOnlySpan<double> values)
    {
        switch (x.DType)
        {
            case DType.Float32: Cast<double, float>(values, x); break;
            case DType.Float64: values.CopyTo(x.Span<double>()); break;
            case DType.Int32: Cast<double, int>(values, x); break;
            case DType.Int64: Cast<double, long>(values, x); break;
            case DType.UInt8: Cast<double, byte>(values, x); break;
            default:
                Span<byte> bytes = x.Span<byte>();
                for (int i = 0; i < bytes.Length; i++) bytes[i] = values[i] != 0 ? (byte)1 : (byte)0;
                break;
        }
    }

    /// <summary>Sets every element of a contiguous tensor.</summary>
    internal static void Fill(Tensor x, Number value)
    {
        if (x.DType == DType.Bool) value = value.ToDouble() != 0;
        var work = new FillWork(x, value);
        Dispatch.Number(x.DType, ref work);
        GC.KeepAlive(x);
    }

    /// <summary>One element of a floating-point dtype, which is 1: what every backward pass from a number starts with.</summary>
    internal static Tensor One(Here here, Shape shape, DType dtype)
    {
        Tensor one = Tensor.Uninitialized(here, shape, dtype);
        if (dtype == DType.Float32) one.First<float>() = 1;
        else one.First<double>() = 1;
        GC.KeepAlive(one);
        return one;
    }

    /// <summary>The same elements one after the other: the tensor itself if they already are, else a copy.</summary>
    internal static Tensor ToContiguous(Tensor x)
    {
        if (x.IsContiguous) return x;
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        switch (x.DType.Size)
        {
            case 4: Strided.Gather(x.Memory<int>(), x.Offset, x.Shape.Sizes, x.Strides, y.Span<int>()); break;
            case 8: Strided.Gather(x.Memory<long>(), x.Offset, x.Shape.Sizes, x.Strides, y.Span<long>()); break;
            default: Strided.Gather(x.Memory<byte>(), x.Offset, x.Shape.Sizes, x.Strides, y.Span<byte>()); break;
        }
        GC.KeepAlive(x);
        return y;
    }

    /// <summary>Copies the elements of a contiguous tensor of the same dtype and shape to a tensor of any layout.</summary>
    internal static void CopyTo(Tensor contiguous, Tensor target)
    {
        switch (target.DType.Size)
        {
            case 4: Copy<int>(contiguous, target); break;
            case 8: Copy<long>(contiguous, target); break;
            default: Copy<byte>(contiguous, target); break;
        }
        GC.KeepAlive(contiguous);
        GC.KeepAlive(target);
    }

    /// <summary>Adds the elements to a tensor of the same dtype and shape in which several may be one place, one after the other.</summary>
    internal static void AddTo(Tensor x, Tensor target)
    {
        var work = new AddWork(ToContiguous(x), target);
        Dispatch.Number(x.DType, ref work);
        GC.KeepAlive(target);
    }

    /// <summary>The elements converted to another dtype, as a new contiguous tensor. See Note [A number stays a number].</summary>
    internal static Tensor Cast(Tensor x, DType dtype)
    {
        if (x.IsNumber) return OfNumber(x, dtype);
        x = ToContiguous(x);
        Tensor y = Tensor.Uninitialized(x.Shape, dtype);
        switch (x.DType)
        {
            case DType.Float32: CastFrom<float>(x, y); break;
            case DType.Float64: CastFrom<double>(x, y); break;
            case DType.Int32: CastFrom<int>(x, y); break;
            case DType.Int64: CastFrom<long>(x, y); break;
            default: CastFrom<byte>(x, y); break;
        }
        GC.KeepAlive(x);
        return y;
    }

    private static Tensor OfNumber(Tensor x, DType dtype)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, dtype);
        Fill(y, x.AsNumber);
        GC.KeepAlive(x);
        return y;
    }

    /// <summary>A copy with memory of its own, contiguous, without history.</summary>
    internal static Tensor Copy(Tensor x)
    {
        Tensor y = ToContiguous(x);
        if (!ReferenceEquals(x, y)) return y;
        y = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.NumEl == 1 && x.DType == DType.Float32) y.First<float>() = x.First<float>();
        else CopyTo(x, y);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return y;
    }

    /// <summary>Adds a tensor of the same shape and floating-point dtype to a contiguous one, without history.</summary>
    internal static void Accumulate(Tensor sum, Tensor term)
    {
        if (sum.NumEl != 1)
        {
            sum.AddInPlace(term);
            return;
        }
        if (sum.DType == DType.Float32) sum.First<float>() += term.First<float>();
        else sum.First<double>() += term.First<double>();
        GC.KeepAlive(sum);
        GC.KeepAlive(term);
    }

    internal static bool HasNaN(Tensor x)
    {
        if (!x.DType.IsFloatingPoint) return false;
        double[] values = ToArray<double>(x);
        return Array.Exists(values, double.IsNaN);
    }

    private static void Copy<T>(Tensor from, Tensor to) where T : unmanaged
    {
        if (to.IsContiguous) from.Span<T>().CopyTo(to.Span<T>());
        else Strided.Scatter<T>(from.Span<T>(), to.Memory<T>(), to.Offset, to.Shape.Sizes, to.Strides);
    }

    private static void CastFrom<T>(Tensor x, Tensor y) where T : unmanaged, INumber<T>
    {
        switch (y.DType)
        {
            case DType.Float32: Cast<T, float>(x.Span<T>(), y); break;
            case DType.Float64: Cast<T, double>(x.Span<T>(), y); break;
            case DType.Int32: Cast<T, int>(x.Span<T>(), y); break;
            case DType.Int64: Cast<T, long>(x.Span<T>(), y); break;
            case DType.UInt8: Cast<T, byte>(x.Span<T>(), y); break;
            default:
                ElementWise.Compare<NotEqual, T>(x.Span<T>(), [T.Zero], y.Span<byte>());
                break;
        }
    }

    private static void Cast<TFrom, TTo>(ReadOnlySpan<TFrom> source, Tensor target)
        where TFrom : unmanaged, INumber<TFrom> where TTo : unmanaged, INumber<TTo> =>
        Kernels.Cast.Convert(source, target.Span<TTo>());

    private readonly struct FillWork(Tensor x, Number value) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            x.Span<T>().Fill(value.IsWhole ? T.CreateTruncating(value.ToInt64()) : T.CreateTruncating(value.ToDouble()));
            GC.KeepAlive(x);
        }
    }

    private readonly struct AddWork(Tensor x, Tensor target) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            StridedSum.Add<T>(x.Span<T>(), target.Memory<T>(), target.Offset, target.Shape.Sizes, target.Strides);
            GC.KeepAlive(x);
            GC.KeepAlive(target);
        }
    }
}
