namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with numbers in place of NaN and the infinities, which get no gradient.</summary>
    /// <param name="nan">What stands for NaN.</param>
    /// <param name="posInf">What stands for ∞; by default the largest number of the dtype.</param>
    /// <param name="negInf">What stands for −∞; by default the smallest number of the dtype.</param>
    public Tensor NanToNum(double nan = 0, double? posInf = null, double? negInf = null) => FiniteNumbers.Of(this, nan, posInf, negInf);
}

/// <summary>Numbers in place of what is none.</summary>
internal static class FiniteNumbers
{
    internal static Tensor Of(Tensor x, double nan, double? posInf, double? negInf)
    {
        if (!x.DType.IsFloatingPoint) return x.Clone();
        double largest = x.DType == DType.Float32 ? float.MaxValue : double.MaxValue;
        return x.MaskedFill(x.IsNaN(), nan)
            .MaskedFill(x.Eq(double.PositiveInfinity), posInf ?? largest)
            .MaskedFill(x.Eq(double.NegativeInfinity), negInf ?? -largest);
    }
}
