namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Expressions of other operations, and what is close to one.</summary>
    private static Op[] Composites() =>
    [
        Flatten,
        Unflatten,
        MoveDim,
        TensorSplit,
        Tile,
        RepeatInterleave,
        TakeAlongDim,
        Diag,
        Diff,
        DivInteger,
        HStack,
        VStack,
        Rot90,
        MeshGrid,
        Dist,
        StdMean,
        SelectScatter,
        SliceScatter,
        NanSum,
        CumMax,
        CumMin,
        Mode,
        AddCMul,
        AddCDiv,
        LerpTensor,
        ClampTensor,
        IndexAssignment,
    ];
}
