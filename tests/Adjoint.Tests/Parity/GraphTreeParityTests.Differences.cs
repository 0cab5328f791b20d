namespace Adjoint.Tests.Parity;

public partial class GraphTreeParityTests
{
    /// <summary>Where we part from PyTorch 1.13, knowingly; docs/pytorch-map.md says it in a sentence.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        // Batches of matrices are multiplied as they lie, broadcast without a copy; steps that change nothing are not recorded.
        ["v @ b"] = "ViewBackward0(BmmBackward0(ExpandBackward0(ViewBackward0(AccumulateGrad)), AccumulateGrad))",
        ["v @ q"] =
        "ViewBackward0(UnsafeViewBackward0(BmmBackward0(ViewBackward0(ExpandBackward0(ViewBackward0(AccumulateGrad))), "
        + "ViewBackward0(AccumulateGrad))))",
        ["x @ b"] = "BmmBackward0(ExpandBackward0(AccumulateGrad), AccumulateGrad)",
        ["x @ q"] = "UnsafeViewBackward0(BmmBackward0(ViewBackward0(ExpandBackward0(AccumulateGrad)), ViewBackward0(AccumulateGrad)))",
        ["b @ b"] = "BmmBackward0(AccumulateGrad, AccumulateGrad)",
        ["q @ q"] = "UnsafeViewBackward0(BmmBackward0(ViewBackward0(AccumulateGrad), ViewBackward0(AccumulateGrad)))",
        ["einsum"] = "PermuteBackward0(ViewBackward0(MmBackward0(PermuteBackward0(AccumulateGrad), PermuteBackward0(AccumulateGrad))))",

        // One node for product and bias at any number of dimensions, as 2.x has for contiguous inputs.
        ["linear of q with bias"] = "ViewBackward0(AddmmBackward0(AccumulateGrad, ViewBackward0(AccumulateGrad), AccumulateGrad))",
        ["linear of q, which needs no gradient, with bias"] = "ViewBackward0(AddmmBackward0(AccumulateGrad, none, AccumulateGrad))",

        // An index that takes everything changes nothing.
        ["x[:, 1]"] = "SelectBackward0(AccumulateGrad)",
        ["x[:, 0:1]"] = "SliceBackward0(AccumulateGrad)",
        ["x[:]"] = "ViewBackward0(AccumulateGrad)",
        ["b[0, :, 1]"] = "SelectBackward0(SelectBackward0(AccumulateGrad))",
        ["x[:, index]"] = "IndexBackward0(AccumulateGrad)",

        // One node here, several there.
        ["l1_loss mean"] = "L1LossBackward0(AccumulateGrad, none)",
        ["l1_loss sum"] = "L1LossBackward0(AccumulateGrad, none)",
        ["l1_loss none"] = "L1LossBackward0(AccumulateGrad, none)",
        ["softsign"] = "SoftsignBackward0(AccumulateGrad)",
        ["tanhshrink"] = "TanhshrinkBackward0(AccumulateGrad)",
        ["nll_loss of 3-D"] = "NllLossBackward0(AccumulateGrad)",
        ["cross_entropy of 3-D"] = "NllLossBackward0(LogSoftmaxBackward0(AccumulateGrad))",

        // Several here, one there.
        ["prod of v"] = "ProdBackward0(ViewBackward0(AccumulateGrad))",
        ["prod of x"] = "ProdBackward0(ViewBackward0(AccumulateGrad))",
        ["prod of b"] = "ProdBackward0(ViewBackward0(AccumulateGrad))",
        ["prod of q"] = "ProdBackward0(ViewBackward0(AccumulateGrad))",
        ["rot90"] = "TransposeBackward0(FlipBackward0(AccumulateGrad))",
        ["clamp by tensors"] = "ClampMaxBackward1(ClampMinBackward1(AccumulateGrad, none), none)",
        ["dist"] = "NormBackward1(SubBackward0(AccumulateGrad, AccumulateGrad))",
        ["var_mean, mean"] = "MeanBackward1(AccumulateGrad)",
        ["var_mean over a dimension, variance"] = "VarBackward0(AccumulateGrad)",
        ["addcmul"] = "AddBackward0(AccumulateGrad, MulBackward0(AccumulateGrad, AccumulateGrad))",
        ["select_scatter"] = "CopySlices(CloneBackward0(AccumulateGrad), AccumulateGrad)",

        // 2.x embeds a vector and copies a diagonal.
        ["diag of a vector"] = "DiagEmbedBackward0(AccumulateGrad)",
        ["diag of a matrix"] = "CloneBackward0(DiagonalBackward0(AccumulateGrad))",

        // A number on the left or in the place of a tensor is an edge without a node, as in x + 5; that of 2 ** x is no edge.
        ["minus one"] = "RsubBackward1(AccumulateGrad, none)",
        ["index_fill"] = "IndexFillBackward0(AccumulateGrad, none)",
        ["2 ** x"] = "PowBackward1(AccumulateGrad)",

        // The same formula, with the numbers as operands where PyTorch's C++ has scalars.
        ["cross_entropy of probabilities mean"] =
        "DivBackward0(NegBackward0(SumBackward0(MulBackward0(LogSoftmaxBackward0(AccumulateGrad), none))), none)",
        ["cross_entropy smoothed mean"] = Smoothed("DivBackward0(SumBackward0({0}), none)"),
        ["cross_entropy smoothed sum"] = Smoothed("SumBackward0({0})"),
        ["cross_entropy smoothed none"] = Smoothed("{0}"),
    };

    private static string Smoothed(string reduced) =>
        "AddBackward0(MulBackward0(NllLossBackward0(LogSoftmaxBackward0(AccumulateGrad)), none), MulBackward0("
        + string.Format(null, reduced, "MulBackward0(NegBackward0(SumBackward1(LogSoftmaxBackward0(AccumulateGrad))), none)") + ", none))";
}
