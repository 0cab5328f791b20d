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

    private static int Rank(Tensor x) => x.IsNumber ? 0 : x.NDim == 0 ? 1 : 2;

    // A C# double is no reason for Float64: it becomes the default dtype.
    private static DType AsOperand(Tensor x) => x.IsNumber && x.DType == DType.Float64 ? DType.Float32 : x.DType;
}
