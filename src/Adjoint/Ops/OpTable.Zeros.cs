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
    ];
}
