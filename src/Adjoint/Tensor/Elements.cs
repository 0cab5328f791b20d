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
                $"There is no memory for an array with the {x.NumEl:N0} elements of a tensor of shape {x.Shape}; an array has at most "
                + $"{Array.MaxLength:N0}.", none);
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
        using var memory = new Loan();
        return memory.Bytes(x).SequenceEqual(memory.Bytes(y));
    }

    /// <summary>As <see cref="ToContiguous"/>, to hand elements out.</summary>
    internal static Tensor Reading(Tensor x)
    {
        using Door.Aside _ = Door.Aside.Begin();
        return ToContiguous(x);
    }

    /// <summary>Sets every element of a contiguous tensor.</summary>
    internal static void Fill(Tensor x, Number value)
    {
        if (x.DType.IsBool) value = value.ToDouble() != 0;
        var work = new FillWork(x, value);
        Dispatch.Number(x.DType, ref work);
    }

    /// <summary>One element of a floating-point dtype, which is 1: what every backward pass from a number starts with.</summary>
    internal static Tensor One(Here here, Shape shape, DType dtype)
    {
        Tensor one = Tensor.Uninitialized(here, shape, dtype);
        var work = new OneWork(one);
        Dispatch.Floating(dtype, "Backward", ref work);
        return one;
    }

    /// <summary>The same elements one after the other: the tensor itself if they already are, else a copy.</summary>
    internal static Tensor ToContiguous(Tensor x) => x.IsContiguous ? x : Gathered(x);

    private static Tensor Gathered(Tensor x)
    {
        Tensor y = Tensor.Uninitialized(x.Shape, x.DType);
        var work = new GatherWork(x, y);
        Dispatch.Moving(x.DType, ref work);
        return y;
    }

    /// <summary>Copies the elements of a contiguous tensor of the same dtype and shape to a tensor of any layout.</summary>
    internal static void CopyTo(Tensor contiguous, Tensor target)
    {
        var work = new CopyWork(contiguous, target);
        Dispatch.Moving(target.DType, ref work);
    }

    /// <summary>Makes the elements of a contiguous tensor 0, without history.</summary>
    internal static void Clear(Tensor x)
    {
        var work = new ClearWork(x);
        Dispatch.Moving(x.DType, ref work);
    }

    private readonly struct ClearWork(Tensor x) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            memory.Of<T>(x).Clear();
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
        CastTo(x, y);
        return y;
    }

    /// <summary>Writes the elements of a contiguous tensor to one of another dtype.</summary>
    internal static void CastTo(Tensor x, Tensor y)
    {
        var work = new CastWork(x, y);
        Dispatch.Number(x.DType, ref work);
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
        var work = new CopyWork(x, y);
        Dispatch.Moving(x.DType, ref work);
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
        var work = new AccumulateWork(sum, term);
        Dispatch.Floating(sum.DType, "Backward", ref work);
    }

    internal static bool HasNaN(Tensor x)
    {
        if (!x.DType.IsFloatingPoint) return false;
        double[] values = ToArray<double>(x);
        return Array.Exists(values, double.IsNaN);
    }

    private readonly struct OneWork(Tensor one) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            one.SetFirst(T.One);
        }
    }

    private readonly struct AccumulateWork(Tensor sum, Tensor term) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            sum.SetFirst(sum.First<T>() + term.First<T>());
        }
    }

    private readonly struct GatherWork(Tensor x, Tensor y) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Strided.Gather(memory.Around<T>(x), x.Offset, x.Shape.Sizes, x.Strides, memory.Of<T>(y));
        }
    }

    private readonly struct CopyWork(Tensor from, Tensor to) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            if (from.NumEl == 1)
            {
                to.SetFirst(from.First<T>());
                return;
            }
            using var memory = new Loan();
            if (to.IsContiguous) Copying.Run<T>(memory.Of<T>(from), memory.Of<T>(to));
            else Strided.Scatter<T>(memory.Of<T>(from), memory.Around<T>(to), to.Offset, to.Shape.Sizes, to.Strides);
        }
    }

    private readonly struct CastWork(Tensor x, Tensor y) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            if (y.DType.IsBool)
            {
                ElementWise.Compare<NotEqual, T>(memory.Of<T>(x), [T.Zero], memory.Of<byte>(y));
            }
            else
            {
                var work = new CastFromWork<T>(x, y);
                Dispatch.Number(y.DType, ref work);
            }
        }
    }

    private readonly struct CastFromWork<TFrom>(Tensor x, Tensor y) : INumberWork where TFrom : unmanaged
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            Kernels.Cast.Convert(memory.Of<TFrom>(x), memory.Of<T>(y));
        }
    }

    private readonly struct FillWork(Tensor x, Number value) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            ElementWise.Fill(memory.Of<T>(x), value.IsWhole ? T.CreateTruncating(value.ToInt64()) : T.CreateTruncating(value.ToDouble()));
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
