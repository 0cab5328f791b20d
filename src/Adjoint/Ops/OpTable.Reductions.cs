namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Sums, products, extremes and order.</summary>
    private static Op[] Reductions() =>
    [
        Sum,
        SumDim,
        Mean,
        MeanDim,
        CumSum,
        Trace,
        Max,
        Min,
        MaxDim,
        MinDim,
        Amax,
        Amin,
        Median,
        MedianDim,
        KthValue,
        Sort,
        TopK,
        Prod,
        ProdDim,
        ProdZeros,
        CumProd,
        CumprodZeros,
        Var,
        Std,
        Norm,
        Norm1,
        Norm15,
        Norm3,
        NormHalf,
        NormInf,
        LogSumExp,
        LogCumSumExp,
    ];
}
