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
        var dtype = DTypes.Of<T>();
        using var memory = new Loan();
        memory.Of<T>(x.DType == dtype ? ToContiguous(x) : Cast(x, dtype)).CopyTo(target);
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
        using var memory = new Loan();
        switch (x.DType)
        {
            case DType.Float32: Cast<double, float>(values, x); break;
            case DType.Float64: values.CopyTo(memory.Of<double>(x)); break;
            case DType.Int32: Cast<double, int>(values, x); break;
            case DType.Int64: Cast<double, long>(values, x); break;
            case DType.UInt8: Cast<double, byte>(values, x); break;
            default:
                Truths(values, memory.Of<byte>(x));
                break;
        }
    }

    private static void Truths(ReadOnlySpan<double> values, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++) target[i] = values[i] != 0 ? (byte)1 : (byte)0;
    }

    /// <summary>Sets every element of a contiguous tensor.</summary>
    internal static void Fill(Tensor x, Number value)
    {
        if (x.DType == DType.Bool) value = value.ToDouble() != 0;
        var work = new FillWork(x, value);
        Dispatch.Number(x.DType, ref work);
    }

    /// <summary>One element of a floating-point dtype, which is 1: what every backward pass from a number starts with.</summary>
    internal static Tensor One(Here here, Shape shape, DType dtype)
    {
        Tensor one = Tensor.Uninitialized(here, shape, dtype);
        if (dtype == DType.Float32) one.SetFirst(1f);
        else one.SetFirst(1d);
        return one;
    }

    /// <summary>The same elements one after the other: the tensor itself if they already are, else a copy.</summary>
    internal static Tensor ToContiguous(Tensor x) => x.IsContiguous ? x : Gathered(x);

    private static Tensor Gathered(Tensor x)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        using var memory = new Loan();
        switch (x.DType.Size)
        {
            case 4: Strided.Gather(memory.Around<int>(x), x.Offset, x.Shape.Sizes, x.Strides, memory.Of<int>(y)); break;
            case 8: Strided.Gather(memory.Around<long>(x), x.Offset, x.Shape.Sizes, x.Strides, memory.Of<long>(y)); break;
            default: Strided.Gather(memory.Around<byte>(x), x.Offset, x.Shape.Sizes, x.Strides, memory.Of<byte>(y)); break;
        }
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
    }

    /// <summary>Adds the elements to a tensor of the same dtype and shape in which several may be one place, one after the other.</summary>
    internal static void AddTo(Tensor x, Tensor target)
    {
        var work = new AddWork(ToContiguous(x), target);
        Dispatch.Number(x.DType, ref work);
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
        return y;
    }

    private static Tensor OfNumber(Tensor x, DType dtype)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, dtype);
        Fill(y, x.AsNumber);
        return y;
    }

    /// <summary>A copy with memory of its own, contiguous, without history.</summary>
    internal static Tensor Copy(Tensor x)
    {
        Tensor y = ToContiguous(x);
        if (!ReferenceEquals(x, y)) return y;
        y = Tensor.Uninitialized(x.Shape, x.DType);
        if (x.NumEl == 1 && x.DType == DType.Float32) y.SetFirst(x.First<float>());
        else CopyTo(x, y);
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
        if (sum.DType == DType.Float32) sum.SetFirst(sum.First<float>() + term.First<float>());
        else sum.SetFirst(sum.First<double>() + term.First<double>());
    }

    internal static bool HasNaN(Tensor x)
    {
        if (!x.DType.IsFloatingPoint) return false;
        double[] values = x.ToArray<double>();
        return Array.Exists(values, double.IsNaN);
    }

    private static void Copy<T>(Tensor from, Tensor to) where T : unmanaged
    {
        using var memory = new Loan();
        if (to.IsContiguous) memory.Of<T>(from).CopyTo(memory.Of<T>(to));
        else Strided.Scatter<T>(memory.Of<T>(from), memory.Around<T>(to), to.Offset, to.Shape.Sizes, to.Strides);
    }

    private static void CastFrom<T>(Tensor x, Tensor y) where T : unmanaged, INumber<T>
    {
        using var memory = new Loan();
        switch (y.DType)
        {
            case DType.Float32: Cast<T, float>(memory.Of<T>(x), y); break;
            case DType.Float64: Cast<T, double>(memory.Of<T>(x), y); break;
            case DType.Int32: Cast<T, int>(memory.Of<T>(x), y); break;
            case DType.Int64: Cast<T, long>(memory.Of<T>(x), y); break;
            case DType.UInt8: Cast<T, byte>(memory.Of<T>(x), y); break;
            default:
                ElementWise.Compare<NotEqual, T>(memory.Of<T>(x), [T.Zero], memory.Of<byte>(y));
                break;
        }
    }

    private static void Cast<TFrom, TTo>(ReadOnlySpan<TFrom> source, Tensor target)
        where TFrom : unmanaged, INumber<TFrom> where TTo : unmanaged, INumber<TTo>
    {
        using var memory = new Loan();
        Kernels.Cast.Convert(source, memory.Of<TTo>(target));
    }

    private readonly struct FillWork(Tensor x, Number value) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            memory.Of<T>(x).Fill(value.IsWhole ? T.CreateTruncating(value.ToInt64()) : T.CreateTruncating(value.ToDouble()));
        }
    }

    private readonly struct AddWork(Tensor x, Tensor target) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            StridedSum.Add<T>(memory.Of<T>(x), memory.Around<T>(target), target.Offset, target.Shape.Sizes, target.Strides);
        }
    }
}
