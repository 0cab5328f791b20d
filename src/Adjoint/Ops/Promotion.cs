using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// The dtype of a result. Tensors with dimensions decide; one without dimensions, and still less a plain number, raises it only
/// to a higher category (bool, integer, floating point).
/// </summary>
internal static class Promotion
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DType Of(Tensor x, Tensor y) => x.DType == y.DType && x.IsNumber == y.IsNumber ? x.DType : OfUnlike(x, y);

    private static DType OfUnlike(Tensor x, Tensor y)
    {
        int rankX = Rank(x), rankY = Rank(y);
        if (rankX == rankY) return DTypes.Promote(x.DType, y.DType);
        (Tensor high, Tensor low) = rankX > rankY ? (x, y) : (y, x);
        return low.DType.Row.Kind > high.DType.Row.Kind ? AsOperand(low) : high.DType;
    }

    internal static DType Of(ReadOnlySpan<Tensor> tensors)
    {
        DType result = tensors[0].DType;
        for (int i = 1; i < tensors.Length; i++) result = DTypes.Promote(result, tensors[i].DType);
        return result;
    }

    /// <summary>
    /// The tensor, or its values as Float32 where they are integers and a number it meets is real. (Bools become Int64.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor WithNumbers(Tensor x, Number number) => x.DType.IsFloatingPoint ? x : WithNumbers(x, [number]);

    /// <inheritdoc cref="WithNumbers(Tensor, Number)"/>
    internal static Tensor WithNumbers(Tensor x, params ReadOnlySpan<Number?> numbers)
    {
        if (x.DType.IsFloatingPoint) return x;
        foreach (Number? number in numbers)
            if (number is { IsWhole: false }) return x.To(DType.Float32);
        return x.DType.IsBool ? x.To(DType.Int64) : x;
    }

    /// <summary>The tensor, which can hold the results of an operation with numbers.</summary>
    /// <exception cref="DTypeException">It is of integers, and a number is real.</exception>
    internal static Tensor Holding(string operation, Tensor x, params ReadOnlySpan<Number?> numbers)
    {
        if (WithNumbers(x, numbers).DType is var dtype && dtype != x.DType)
            throw new DTypeException($"{operation}: the result is {dtype} and cannot be stored in place in a {x.DType} tensor.");
        return x;
    }

    /// <summary>The dtype of the sum of two tensors of which one has a factor.</summary>
    /// <exception cref="DTypeException">The sum is one of integers, and the factor is real; or the factor is a truth value, and the sum is
    /// of numbers.</exception>
    internal static DType Factor(string operation, Number alpha, Tensor x, Tensor y)
    {
        DType dtype = Of(x, y);
        if (alpha.DType.IsBool && !dtype.IsBool)
            throw new DTypeException(
                $"{operation}: alpha is {alpha}, but the tensors are of numbers ({x.DType} and {y.DType}). Use 1 or 0.");
        return alpha.IsWhole || dtype.IsFloatingPoint ? dtype
            : throw new DTypeException(
                $"{operation}: alpha is the real number {alpha}, but the tensors are of integers ({x.DType} and {y.DType}). Convert one "
                + "with To(DType.Float32).");
    }

    /// <summary>
    /// α·y for a sum of integers or truth values: both are of the dtype of the sum, in which a truth value counts as 0 or 1.
    /// </summary>
    /// <exception cref="DTypeException">α is out of its range.</exception>
    internal static Tensor Times(string operation, Number alpha, Tensor y, DType dtype) =>
        y.To(dtype) * (dtype.IsBool ? alpha.ToDouble() != 0 : alpha.Fitting(operation, dtype));

    private static int Rank(Tensor x) => x.IsNumber ? 0 : x.NDim == 0 ? 1 : 2;

    // A C# double is no reason for Float64: it becomes the default dtype.
    private static DType AsOperand(Tensor x) => x.IsNumber && x.DType.IsFloatingPoint ? DType.Float32 : x.DType;
}
