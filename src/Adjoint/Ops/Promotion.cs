namespace Adjoint;

/// <summary>
/// The dtype of a result. Tensors with dimensions decide; one without dimensions, and still less a plain number, raises it only
/// to a higher category (bool, integer, floating point).
/// </summary>
internal static class Promotion
{
    internal static DType Of(Tensor x, Tensor y)
    {
        if (x.DType == y.DType && x.IsNumber == y.IsNumber) return x.DType;
        int rankX = Rank(x), rankY = Rank(y);
        if (rankX == rankY) return DTypes.Promote(x.DType, y.DType);
        (Tensor high, Tensor low) = rankX > rankY ? (x, y) : (y, x);
        return low.DType.Category > high.DType.Category ? AsOperand(low) : high.DType;
    }

    internal static DType Of(ReadOnlySpan<Tensor> tensors)
    {
        DType result = tensors[0].DType;
        for (int i = 1; i < tensors.Length; i++) result = DTypes.Promote(result, tensors[i].DType);
        return result;
    }

    /// <summary>
    /// The tensor, or its values as Float32 where they are integers and a number it meets is none. (Bools become Int64.)
    /// </summary>
    internal static Tensor WithNumbers(Tensor x, params ReadOnlySpan<double?> numbers)
    {
        if (x.DType.IsFloatingPoint) return x;
        foreach (double? number in numbers)
            if (number is { } value && !double.IsInteger(value)) return x.To(DType.Float32);
        return x.DType == DType.Bool ? x.To(DType.Int64) : x;
    }

    /// <summary>The tensor, which can hold the results of an operation with numbers.</summary>
    /// <exception cref="DTypeException">It is of integers, and a number is none.</exception>
    internal static Tensor Holding(string operation, Tensor x, params ReadOnlySpan<double?> numbers)
    {
        if (WithNumbers(x, numbers).DType is var dtype && dtype != x.DType)
            throw new DTypeException($"{operation}: the result is {dtype} and cannot be stored in place in a {x.DType} tensor.");
        return x;
    }

    /// <summary>The tensor, which can be divided.</summary>
    /// <exception cref="DivideByZeroException">A divisor is 0, and the quotient is one of integers.</exception>
    internal static Tensor Dividend(string operation, Tensor x, Tensor divisors) =>
        Of(x, divisors).IsFloatingPoint || !divisors.Eq(0).Any().Item<bool>() ? x : throw DivisionByZero(operation);

    /// <inheritdoc cref="Dividend(string, Tensor, Tensor)"/>
    internal static Tensor Dividend(string operation, Tensor x, double divisor) =>
        x.DType.IsFloatingPoint || divisor != 0 ? x : throw DivisionByZero(operation);

    private static DivideByZeroException DivisionByZero(string operation) =>
        new($"{operation}: an integer is divided by zero. Convert with To(DType.Float32) to get NaN or infinity.");

    private static int Rank(Tensor x) => x.IsNumber ? 0 : x.NDim == 0 ? 1 : 2;

    // A C# double is no reason for Float64: it becomes the default dtype.
    private static DType AsOperand(Tensor x) => x.IsNumber && x.DType == DType.Float64 ? DType.Float32 : x.DType;
}
