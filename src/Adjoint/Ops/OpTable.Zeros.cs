namespace Adjoint;

public static partial class OpTable
{
    /// <summary>What has no gradient.</summary>
    private static Op[] Zeros() =>
    [
        ArgMax,
        ArgMin,
        ArgSort,
        Lt,
        Eq,
        IsNaN,
        LogicalAnd,
        Any,
        NonZero,
        CountNonZero,
        BitwiseAnd,
        BitwiseOr,
        BitwiseXor,
        BitwiseNot,
        BitwiseLeftShift,
        BitwiseRightShift,
        Gcd,
        Lcm,
        SignBit,
        IsPosInf,
        IsNegInf,
        IsIn,
        SearchSorted,
        Bucketize,
        AnyDims,
        CountNonZeroDims,
        HistC,
        Histogram,
        BinCount,
        OneHot,
        UnravelIndex,
        Unique,
        UniqueConsecutive,
    ];
}
