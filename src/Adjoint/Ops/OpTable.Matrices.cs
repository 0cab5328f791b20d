namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Products of matrices, and functions of whole rows.</summary>
    private static Op[] Matrices() =>
    [
        Mm,
        Bmm,
        MatMul,
        Vm,
        Mv,
        Dot,
        Outer,
        AddMm,
        Einsum,
        Einsum3,
        Softmax,
        LogSoftmax,
        LayerNorm,
        BatchNorm,
        Dropout,
    ];
}
