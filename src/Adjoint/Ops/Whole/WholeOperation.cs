using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A function of two whole numbers of one type, element by element.</summary>
internal interface IWholeFunction : IWholePair
{
    /// <summary>PyTorch's name: <c>gcd</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Whether it is one of truth values as well, of bytes that are 0 or 1.</summary>
    static virtual bool TakesBool => false;

    /// <summary>The same in C#, with <c>{0}</c> and <c>{1}</c> for x and y.</summary>
    static abstract string Code { get; }

    /// <summary>A method that the code calls, with <c>real</c> for the type; none by default.</summary>
    static virtual string Method => "";
}

/// <summary>The driver of functions of whole numbers, which have no gradient. The shapes broadcast, the dtypes are promoted.</summary>
internal static class WholeOperation
{
    internal static Tensor Of<TFunction>(string method, Tensor x, Tensor y) where TFunction : struct, IWholeFunction
    {
        RequireWhole<TFunction>(method, Promotion.Of(x, y), x, y);
        return Door.Run(new Call<TFunction>(), x, y);
    }

    /// <summary>Writes it to x.</summary>
    internal static Tensor InPlace<TFunction>(string method, Tensor x, Tensor y) where TFunction : struct, IWholeFunction
    {
        DType dtype = Promotion.Of(x, y);
        RequireWhole<TFunction>(method, dtype, x, y);
        if (dtype != x.DType)
            throw new DTypeException($"{method}: the result is {dtype} and cannot be stored in place in a {x.DType} tensor.");
        Tensor z = Door.Run(new Call<TFunction>(), x, y);
        return z.Shape.Equals(x.Shape) ? x.CopyInPlace(z)
            : throw new ShapeException($"{method}: the result of shape {z.Shape} does not fit into the tensor of shape {x.Shape}.");
    }

    private static void RequireWhole<TFunction>(string method, DType dtype, Tensor x, Tensor y) where TFunction : struct, IWholeFunction
    {
        if (dtype.IsFloatingPoint || (dtype.IsBool && !TFunction.TakesBool))
            throw new DTypeException(
                $"{method}: is defined for {(TFunction.TakesBool ? "integers and truth values" : "integers")}, but got {x.DType} and "
                + $"{y.DType}. Convert with To(DType.Int64).");
    }

    private readonly struct Call<TFunction> : ITensorOperation, IByHand where TFunction : struct, IWholeFunction
    {
        public string Name => TFunction.Name;

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, y = inputs[1]!;
            Shape shape = Binary.BroadcastShape(TFunction.Name, x, y);
            DType dtype = Promotion.Of(x, y);
            Tensor z = Tensor.Uninitialized(here, shape, dtype);
            var work = new Work<TFunction>(Expanded(x, dtype, shape), Expanded(y, dtype, shape), z);
            Dispatch.Elements(dtype, ref work);
            return z;
        }

        // C# computes with bytes as ints.
        public void Write(Hand hand)
        {
            HandTensor z = hand.Result;
            string word = z.DType.IsBool ? "byte" : z.Word;
            if (TFunction.Method.Length > 0) hand.Needs(TFunction.Method, word);
            hand.Each(e =>
            {
                string text = string.Format(
                    System.Globalization.CultureInfo.InvariantCulture, TFunction.Code, hand.Element(e[1], word), hand.Element(e[2], word));
                hand.Store(e[0], z.DType.IsBool ? $"({text}) != 0" : $"({word})({text})");
            }, z, hand.Input(0).Expanded(z.Shape), hand.Input(1).Expanded(z.Shape));
        }
    }

    private static Tensor Expanded(Tensor x, DType dtype, Shape shape)
    {
        x = Binary.Operand(x, dtype);
        if (x.NumEl == 1) return Elements.ToContiguous(x);
        return Elements.ToContiguous(x.Shape.Equals(shape) ? x : x.Alias(shape, Layout.ExpandStrides(x.Shape, x.Strides, shape), x.Offset));
    }

    private readonly struct Work<TFunction>(Tensor x, Tensor y, Tensor z) : IElementWork where TFunction : struct, IWholeFunction
    {
        // Refused before.
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            throw new NotSupportedException($"{TFunction.Name} of real numbers.");

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            using var memory = new Loan();
            WholePairs.Run<TFunction, T>(memory.Of<T>(x), memory.Of<T>(y), memory.Of<T>(z));
        }
    }
}
