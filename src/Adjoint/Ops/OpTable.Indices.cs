namespace Adjoint;

public static partial class OpTable
{
    /// <summary>What takes elements at places, or puts them there.</summary>
    private static Op[] Indices() =>
    [
        Index,
        IndexMask,
        IndexSelect,
        Gather,
        Take,
        MaskedSelect,
        IndexPut,
        IndexPutAccumulate,
        IndexAdd,
        IndexCopy,
        IndexFill,
        Scatter,
        ScatterValue,
        ScatterAdd,
        ScatterReduceProd,
        ScatterReduceAmax,
        ScatterReduceAmin,
    ];
}
